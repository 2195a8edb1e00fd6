import { type NodeId, nodeIds } from '../../core/node-id.ts';
import type { Administration } from '../../core/protocol.ts';
import { rngOf } from '../../core/rng.ts';
import type { Command } from '../consensus.ts';
import { eventQueue } from './event-queue.ts';
import type { Answer } from './host.ts';
import { type Ledger, type Proposal, ledger } from './ledger.ts';
import { type Links, linksOf, steadyLinks } from './links.ts';
import { testNode } from './node.ts';
import type { ClusterOptions, Reading, Sent, Surroundings, TestNode } from './surroundings.ts';
import { InvariantViolation } from './violation.ts';

/** A deterministic cluster in memory: one seed is one execution, on virtual time. */
export interface TestCluster<State, Message> {
  readonly ids: readonly NodeId[];
  readonly links: Links;
  readonly ledger: Ledger;
  readonly proposals: ReadonlyMap<number, Proposal>;
  readonly readings: ReadonlyMap<number, Reading>;
  nowMs(): number;
  node(id: NodeId): TestNode<State, Message>;
  /** The running node that leads in the highest term; undefined when none does. */
  leader(): NodeId | undefined;
  propose(node: NodeId, command: Command): Proposal;
  read(node: NodeId): Reading;
  /** Asks a node for other members or another leader; the answer, once there is one, is `errand`'s. */
  administer(node: NodeId, request: Administration): number;
  errand(id: number): Answer | undefined;
  /** Runs the action as an event of its own, after this long. */
  after(delayMs: number, action: () => void): void;
  /** Runs the action when the event under way is over, before any other of a later moment. */
  soon(action: () => void): void;
  runFor(durationMs: number): void;
  /** Runs until it is so; throws, naming what was awaited, when it is not within the deadline. */
  runUntil(awaited: string, reached: () => boolean, withinMs: number): void;
  /** Cuts every link between the two groups, both ways. */
  split(left: readonly NodeId[], right: readonly NodeId[]): void;
  /** Mends all links, resumes all paused nodes and starts all that are down. */
  healAll(): void;
}

interface Run<State, Message> extends Surroundings<State, Message> {
  readonly nodes: Map<NodeId, TestNode<State, Message>>;
  clockMs: number;
  asked: number;
}

export function testCluster<State, Message>(
  options: ClusterOptions<State, Message>,
): TestCluster<State, Message> {
  const rng = rngOf(options.seed, 'cluster');
  const watchers: Surroundings<State, Message>['check'][] = [];
  const run: Run<State, Message> = {
    ...{ options, rng, queue: eventQueue(), ids: nodeIds(options.nodes), ledger: ledger() },
    links: linksOf({ ...steadyLinks, ...options.links }, rng.split('links')),
    ...{ proposals: new Map(), readings: new Map(), errands: new Map(), nodes: new Map() },
    ...{ clockMs: 0, asked: 0 },
    nowMs: () => run.clockMs,
    send(sent) {
      options.onSend?.(sent, cluster);
      const arrivals = run.links.arrivals(sent.from, sent.to, run.clockMs);
      for (const atMs of arrivals) run.queue.add(atMs, () => deliver(run, sent));
    },
    check: (...step) => watchers.forEach((watcher) => watcher(...step)),
  };
  const cluster = clusterOf(run);
  for (const invariant of options.invariants ?? []) {
    const watch = invariant.watch();
    watchers.push((...step) => {
      const wrong = watch.look(...step);
      if (wrong !== null)
        throw new InvariantViolation(invariant.name, `${wrong} at ${run.clockMs} ms`);
    });
  }
  for (const id of run.ids) run.nodes.set(id, testNode(id, run));
  for (const node of run.nodes.values()) node.start();
  return cluster;
}

function clusterOf<State, Message>(run: Run<State, Message>): TestCluster<State, Message> {
  const { ids, links, proposals, readings, queue } = run;
  return {
    ...{ ids, links, proposals, readings, ledger: run.ledger },
    nowMs: () => run.clockMs,
    node: (id) => nodeOf(run, id),
    leader: () => leaderOf(run),
    propose(node, command) {
      run.asked += 1;
      const proposal: Proposal = { id: run.asked, node, command, phase: 'asked', applied: false };
      proposals.set(proposal.id, proposal);
      run.ledger.asked(proposal);
      nodeOf(run, node).input({ kind: 'propose', id: proposal.id, command });
      return proposal;
    },
    read(node) {
      run.asked += 1;
      const floor = committed(run);
      const { starts } = nodeOf(run, node);
      const reading: Reading = { id: run.asked, node, starts, floor, phase: 'asked' };
      readings.set(reading.id, reading);
      nodeOf(run, node).input({ kind: 'read', id: reading.id });
      return reading;
    },
    administer(node, request) {
      run.asked += 1;
      const id = run.asked;
      run.errands.set(id, undefined);
      nodeOf(run, node).input({ kind: 'administer', id, request });
      return id;
    },
    errand: (id) => run.errands.get(id),
    after: (delayMs, action) => queue.add(run.clockMs + delayMs, action),
    soon: (action) => queue.add(run.clockMs, action),
    runFor(durationMs) {
      const untilMs = run.clockMs + durationMs;
      while (runNext(run, untilMs));
    },
    runUntil(awaited, reached, withinMs) {
      const untilMs = run.clockMs + withinMs;
      while (!reached()) {
        if (runNext(run, untilMs)) continue;
        throw new InvariantViolation('progress', `expected ${awaited} within ${withinMs} ms`);
      }
    },
    split(left, right) {
      for (const one of left) {
        for (const other of right) {
          links.cut(one, other);
          links.cut(other, one);
        }
      }
    },
    healAll() {
      links.mendAll();
      for (const node of run.nodes.values()) {
        node.resume();
        node.start();
      }
    },
  };
}

function nodeOf<State, Message>(run: Run<State, Message>, id: NodeId): TestNode<State, Message> {
  const node = run.nodes.get(id);
  if (node === undefined) throw new Error(`expected one of ${run.ids.join(', ')}, got ${id}`);
  return node;
}

function leaderOf<State, Message>(run: Run<State, Message>): NodeId | undefined {
  let best: { readonly id: NodeId; readonly term: number } | undefined;
  for (const node of run.nodes.values()) {
    const status = node.status();
    if (status?.role !== 'leader' || status.term <= (best?.term ?? -1)) continue;
    best = { id: node.id, term: status.term };
  }
  return best?.id;
}

function committed<State, Message>(run: Run<State, Message>): number {
  let highest = run.ledger.height;
  for (const node of run.nodes.values()) {
    highest = Math.max(highest, node.status()?.commitIndex ?? 0);
  }
  return highest;
}

function deliver<State, Message>(
  run: Run<State, Message>,
  { from, to, message }: Sent<Message>,
): void {
  if (run.links.isCut(from, to)) run.links.counts.cut += 1;
  else nodeOf(run, to).input({ kind: 'message', from, message });
}

/** Messages that beget more messages than they are would never end. */
const mostEvents = 100_000;

/** False when nothing more happens before that moment, which has come then. */
function runNext<State, Message>(run: Run<State, Message>, untilMs: number): boolean {
  if (run.queue.nextMs() > untilMs) {
    run.clockMs = untilMs;
    return false;
  }
  if (run.queue.size > mostEvents) {
    const detail = `expected at most ${mostEvents} events under way, got ${run.queue.size}`;
    throw new InvariantViolation('bounded traffic', detail);
  }
  const event = run.queue.take();
  run.clockMs = Math.max(run.clockMs, event?.atMs ?? untilMs);
  event?.action();
  return true;
}
