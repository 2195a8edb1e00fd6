import { type NodeId, nodeIds } from '../../core/node-id.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { Command, Consensus } from '../consensus.ts';
import { type EventQueue, eventQueue } from './event-queue.ts';
import { type Ledger, type Proposal, ledger } from './ledger.ts';
import { type LinkOptions, type Links, type RangeMs, linksOf, steadyLinks } from './links.ts';
import { type TestNode, testNode } from './node.ts';
import { InvariantViolation } from './violation.ts';

/** What a cluster is made of. What is not named is quiet: links that lose nothing, 1 ms to sync. */
export interface ClusterOptions<State, Message> {
  readonly consensus: Consensus<State, Message>;
  readonly nodes: number;
  readonly seed: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly links?: Partial<LinkOptions>;
  readonly fsyncMs?: RangeMs;
  /** Entries a node applies between compactions; 0 (the default) for never. */
  readonly compactEvery?: number;
  /** Clocks run at a rate in [1 - drift, 1 + drift], drawn for each node. */
  readonly clockDrift?: number;
  /** Whether every message and record is encoded and decoded on its way (default: yes). */
  readonly encoded?: boolean;
  /** Whether `readable` must never be too early (default: yes; no for deliberately unsafe reads). */
  readonly linearizableReads?: boolean;
  /** The protocol's own invariants. */
  readonly invariants?: readonly Invariant<State, Message>[];
  /** Sees each message as it leaves; may call `cluster.soon` to strike at that very moment. */
  readonly onSend?: (sent: Sent<Message>, cluster: TestCluster<State, Message>) => void;
}

export interface Sent<Message> {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
}

/** Something that must hold after every step. */
export interface Invariant<State, Message> {
  readonly name: string;
  /** Begins to watch one run; the function returned is called after each step of any node. */
  watch(cluster: TestCluster<State, Message>): (stepped: Stepped<State>) => string | null;
}

/** A node has made a step, `input` being the kind of its input. `state` must not be changed. */
export interface Stepped<State> {
  readonly node: NodeId;
  readonly state: State;
  readonly input: string;
}

/** A linearizable read under way: at `floor` when it began, some node had committed that much. */
export interface Reading {
  readonly id: number;
  readonly node: NodeId;
  readonly floor: number;
  phase: 'asked' | 'readable' | 'rejected';
  index?: number;
}

/** What every part of a run shares. */
export interface Surroundings<State, Message> {
  readonly options: ClusterOptions<State, Message>;
  readonly ids: readonly NodeId[];
  readonly rng: Rng;
  readonly queue: EventQueue;
  readonly links: Links;
  readonly ledger: Ledger;
  readonly proposals: Map<number, Proposal>;
  readonly readings: Map<number, Reading>;
  nowMs(): number;
  send(sent: Sent<Message>): void;
  check(stepped: Stepped<State>): void;
}

/** A deterministic cluster in memory: one seed is one execution, on virtual time. */
export interface TestCluster<State, Message> {
  readonly ids: readonly NodeId[];
  readonly links: Links;
  readonly ledger: Ledger;
  readonly proposals: readonly Proposal[];
  readonly readings: readonly Reading[];
  nowMs(): number;
  node(id: NodeId): TestNode<State, Message>;
  /** The running node that leads in the highest term; undefined when none does. */
  leader(): NodeId | undefined;
  propose(node: NodeId, command: Command): Proposal;
  read(node: NodeId): Reading;
  /** Runs the action as an event of its own, after this long. */
  after(delayMs: number, action: () => void): void;
  soon(action: () => void): void;
  runFor(durationMs: number): void;
  /** Runs until it is so; throws, naming what was awaited, when it is not within the deadline. */
  runUntil(awaited: string, reached: () => boolean, withinMs: number): void;
  /** Cuts every link between the two groups, both ways. */
  split(left: readonly NodeId[], right: readonly NodeId[]): void;
  /** Mends all links, resumes all paused nodes and starts all crashed ones. */
  healAll(): void;
}

export function testCluster<State, Message>(
  options: ClusterOptions<State, Message>,
): TestCluster<State, Message> {
  const rng = rngOf(options.seed, 'cluster');
  const queue = eventQueue();
  const ids = nodeIds(options.nodes);
  const nodes = new Map<NodeId, TestNode<State, Message>>();
  let nowMs = 0;
  let asked = 0;

  const node = (id: NodeId): TestNode<State, Message> => {
    const found = nodes.get(id);
    if (found === undefined) throw new Error(`expected one of ${ids.join(', ')}, got ${id}`);
    return found;
  };

  const world: Surroundings<State, Message> = {
    options,
    ids,
    rng,
    queue,
    links: linksOf({ ...steadyLinks, ...options.links }, rng.split('links')),
    ledger: ledger(),
    proposals: new Map(),
    readings: new Map(),
    nowMs: () => nowMs,
    send(sent) {
      options.onSend?.(sent, cluster);
      for (const atMs of world.links.arrivals(sent.from, sent.to, nowMs)) {
        queue.add(atMs, () => deliver(sent));
      }
    },
    check(stepped) {
      for (const { name, check } of watchers) {
        const wrong = check(stepped);
        if (wrong !== null) throw new InvariantViolation(name, `${wrong} at ${nowMs} ms`);
      }
    },
  };

  const deliver = ({ from, to, message }: Sent<Message>): void => {
    if (world.links.isCut(from, to)) world.links.counts.cut += 1;
    else node(to).input({ kind: 'message', from, message });
  };

  const runNext = (untilMs: number): boolean => {
    if (queue.nextMs() > untilMs) {
      nowMs = Math.max(nowMs, untilMs);
      return false;
    }
    const event = queue.take();
    nowMs = Math.max(nowMs, event?.atMs ?? untilMs);
    event?.action();
    return true;
  };

  const committed = (): number =>
    Math.max(world.ledger.height, ...ids.map((id) => node(id).status()?.commitIndex ?? 0));

  const cluster: TestCluster<State, Message> = {
    ids,
    links: world.links,
    ledger: world.ledger,
    get proposals() {
      return [...world.proposals.values()];
    },
    get readings() {
      return [...world.readings.values()];
    },
    nowMs: () => nowMs,
    node,
    leader() {
      const leading = ids.filter((id) => node(id).status()?.role === 'leader');
      const term = (id: NodeId): number => node(id).status()?.term ?? 0;
      return leading.sort((left, right) => term(right) - term(left))[0];
    },
    propose(id, command) {
      const proposal: Proposal = { id: ++asked, node: id, command, phase: 'asked', applied: false };
      world.proposals.set(proposal.id, proposal);
      world.ledger.asked(proposal);
      node(id).input({ kind: 'propose', id: proposal.id, command });
      return proposal;
    },
    read(id) {
      const reading: Reading = { id: ++asked, node: id, floor: committed(), phase: 'asked' };
      world.readings.set(reading.id, reading);
      node(id).input({ kind: 'read', id: reading.id });
      return reading;
    },
    after: (delayMs, action) => queue.add(nowMs + delayMs, action),
    soon: (action) => queue.add(nowMs, action),
    runFor(durationMs) {
      const untilMs = nowMs + durationMs;
      while (runNext(untilMs));
    },
    runUntil(awaited, reached, withinMs) {
      const untilMs = nowMs + withinMs;
      while (!reached()) {
        if (!runNext(untilMs) && !reached()) {
          throw new InvariantViolation('progress', `expected ${awaited} within ${withinMs} ms`);
        }
      }
    },
    split(left, right) {
      for (const one of left) {
        for (const other of right) {
          world.links.cut(one, other);
          world.links.cut(other, one);
        }
      }
    },
    healAll() {
      world.links.mendAll();
      for (const id of ids) {
        node(id).resume();
        node(id).start();
      }
    },
  };

  const watchers = (options.invariants ?? []).map((invariant) => ({
    name: invariant.name,
    check: invariant.watch(cluster),
  }));
  for (const id of ids) nodes.set(id, testNode(id, world));
  for (const id of ids) node(id).start();
  return cluster;
}
