import { nodeIds } from '../../core/node-id.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { Consensus } from '../consensus.ts';
import { type TestCluster, testCluster } from './cluster.ts';
import { type FaultCounts, type FaultKind, faultKinds, strike } from './faults.ts';
import type { Proposal } from './ledger.ts';
import { type LinkCounts, steadyLinks } from './links.ts';
import type { ClusterOptions, StepInvariant } from './surroundings.ts';
import { drive } from './traffic.ts';
import { InvariantViolation } from './violation.ts';

export interface OrdealOptions<State, Message> {
  readonly consensus: Consensus<State, Message>;
  readonly invariants?: readonly StepInvariant<State>[];
  /** Draws the protocol's settings: batch sizes, time-outs, kinds of reads. */
  readonly settings?: (rng: Rng) => Readonly<Record<string, string>>;
  /** How long faults strike and clients ask. */
  readonly durationMs: number;
  /** How long a healed cluster may take until everything new is applied everywhere. */
  readonly calmMs: number;
  readonly sizes?: readonly number[];
  readonly kinds?: readonly FaultKind[];
  /** Anything else of the cluster to fix instead of drawing it. */
  readonly fixed?: Partial<ClusterOptions<State, Message>>;
}

/** What a run came to, and how hard it was: an easy run proves nothing. */
export interface OrdealReport {
  readonly seed: number;
  readonly violation?: InvariantViolation;
  readonly faults: FaultCounts;
  readonly links: LinkCounts;
  readonly applied: number;
  readonly reads: number;
  /** The protocol's own counters, summed over the nodes that run at the end. */
  readonly counters: Readonly<Record<string, number>>;
}

/**
 * One seed's worth of everything at once: a cluster drawn at random under clients and faults, then
 * calm, in which it has to make progress and agree. A broken promise is reported; any other error
 * is thrown.
 */
export function ordeal<State, Message>(
  seed: number,
  options: OrdealOptions<State, Message>,
): OrdealReport {
  const rng = rngOf(seed, 'ordeal');
  const cluster = testCluster({ ...drawCluster(seed, options, rng), ...options.fixed });
  const untilMs = options.durationMs;
  // Some kinds of fault are left out of each run: those that strike always hide what others show.
  const kinds = (options.kinds ?? faultKinds).filter(() => rng.float() < 0.6);
  const plan = {
    kinds,
    everyMs: rng.int(60, 700),
    lastsMs: [20, rng.pick([100, 400, 1500])],
    untilMs,
  } as const;
  const faults = strike(cluster, plan, rng.split('faults'));
  const traffic = { everyMs: rng.int(2, 20), burst: rng.pick([1, 5, 40]), readShare: 0.3, untilMs };
  drive(cluster, traffic, rng.split('traffic'));
  const violation = violationOf(() => {
    cluster.runFor(options.durationMs);
    settle(cluster, options);
  });
  return {
    ...{ seed, faults, links: cluster.links.counts, applied: cluster.ledger.height },
    ...(violation === undefined ? {} : { violation }),
    reads: [...cluster.readings.values()].filter(({ phase }) => phase === 'readable').length,
    counters: totals(cluster),
  };
}

/** Some of the machines may have to wait until they are added. */
function drawMembers(nodes: number, rng: Rng): string {
  const [first = '', ...others] = rng.shuffle(nodeIds(nodes));
  return rng.float() < 0.5 ? 'all' : [first, ...others.slice(rng.int(0, nodes - 1))].join(',');
}

function drawCluster<State, Message>(
  seed: number,
  options: OrdealOptions<State, Message>,
  rng: Rng,
): ClusterOptions<State, Message> {
  const sometimes = (most: number): number => (rng.float() < 0.5 ? 0 : rng.float() * most);
  const nodes = rng.pick(options.sizes ?? [3, 3, 4, 5]);
  const settings = options.settings?.(rng.split('settings')) ?? {};
  const doChange = options.kinds?.includes('members') === true;
  return {
    ...{ seed, consensus: options.consensus, nodes },
    settings: doChange
      ? { members: drawMembers(nodes, rng.split('members')), ...settings }
      : settings,
    links: {
      delayMs: [0.2, rng.pick([1, 5, 20])],
      loss: sometimes(0.2),
      duplication: sometimes(0.2),
      reordering: sometimes(0.2),
      slowMs: [20, 250],
    },
    fsyncMs: [0.1, rng.pick([0.2, 2, 20])],
    compactEvery: rng.pick([0, 3, 20, 100]),
    clockDrift: rng.pick([0, 0.01]),
    invariants: options.invariants ?? [],
  };
}

function violationOf(action: () => void): InvariantViolation | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof InvariantViolation) return error;
    throw error;
  }
}

/** Everything heals; then a new command gets through to all nodes, and no read stays unanswered. */
function settle<State, Message>(
  cluster: TestCluster<State, Message>,
  { calmMs, kinds = [] }: OrdealOptions<State, Message>,
): void {
  cluster.links.treat(steadyLinks);
  cluster.healAll();
  const deadlineMs = cluster.nowMs() + calmMs;
  if (kinds.includes('members')) admitAll(cluster, deadlineMs);
  const tries: Proposal[] = [];
  while (!tries.some(({ applied }) => applied)) {
    if (cluster.nowMs() >= deadlineMs) {
      const detail = `expected a new command to be applied within ${calmMs} ms of calm`;
      throw new InvariantViolation('progress', detail);
    }
    const leader = cluster.leader();
    if (leader !== undefined) tries.push(cluster.propose(leader, `last-${String(tries.length)}`));
    cluster.runFor(100);
  }
  const leftMs = (): number => deadlineMs - cluster.nowMs();
  const haveAll = (): boolean =>
    cluster.ids.every((id) => cluster.node(id).machine.appliedIndex === cluster.ledger.height);
  cluster.runUntil('all nodes to apply everything', haveAll, leftMs());
  const answered = (): boolean =>
    [...cluster.readings.values()].every(
      ({ phase, node, starts }) => phase !== 'asked' || cluster.node(node).starts !== starts,
    );
  cluster.runUntil('every read to be answered', answered, leftMs());
}

/** Every machine is a member in the end, so that all have to come to the same state. */
function admitAll<State, Message>(cluster: TestCluster<State, Message>, deadlineMs: number): void {
  const errands: number[] = [];
  const areMembers = (): boolean => {
    const answer = cluster.errand(errands.at(-1) ?? 0);
    if (answer?.kind !== 'administered' || answer.reply.kind !== 'ok') return false;
    const leader = cluster.leader();
    const members = leader === undefined ? [] : (cluster.node(leader).status()?.members ?? []);
    return cluster.ids.every((id) => members.includes(id));
  };
  while (!areMembers()) {
    if (cluster.nowMs() >= deadlineMs) {
      throw new InvariantViolation('progress', 'expected all machines to become members in time');
    }
    const leader = cluster.leader();
    const request = { op: 'members', nodes: cluster.ids } as const;
    if (leader !== undefined) errands.push(cluster.administer(leader, request));
    cluster.runFor(200);
  }
}

function totals<State, Message>(cluster: TestCluster<State, Message>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const id of cluster.ids) {
    for (const [name, count] of Object.entries(cluster.node(id).counters())) {
      sums[name] = (sums[name] ?? 0) + count;
    }
  }
  return sums;
}
