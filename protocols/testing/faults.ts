import type { NodeId } from '../../core/node-id.ts';
import type { Rng } from '../../core/rng.ts';
import type { TestCluster } from './cluster.ts';
import type { RangeMs } from './links.ts';

export type FaultKind =
  | 'isolate'
  | 'isolate-leader'
  | 'split'
  | 'bridge'
  | 'one-way'
  | 'kill'
  | 'power'
  | 'pause'
  | ErrandKind;

/** An administrator's requests, which put a cluster under strain as faults do. */
export type ErrandKind = 'members' | 'transfer';

export const errandKinds: readonly ErrandKind[] = ['members', 'transfer'];

export const faultKinds: readonly FaultKind[] = [
  'isolate',
  'isolate-leader',
  'split',
  'bridge',
  'one-way',
  'kill',
  'power',
  'pause',
];

export interface FaultPlan {
  readonly kinds: readonly FaultKind[];
  /** Mean time from one fault to the next. */
  readonly everyMs: number;
  readonly lastsMs: RangeMs;
  readonly untilMs: number;
}

export type FaultCounts = Record<FaultKind, number>;

/** Lets faults strike at random, each healing by itself. Returns the counts, which grow as they do. */
export function strike<State, Message>(
  cluster: TestCluster<State, Message>,
  plan: FaultPlan,
  rng: Rng,
): FaultCounts {
  const kinds = [...faultKinds, ...errandKinds];
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as FaultCounts;
  const next = (): void => {
    const delayMs = rng.exponential(plan.everyMs);
    if (plan.kinds.length === 0 || cluster.nowMs() + delayMs > plan.untilMs) return;
    cluster.after(delayMs, () => {
      const kind = rng.pick(plan.kinds);
      const heal = inject(cluster, kind, rng);
      const [lowMs, highMs] = plan.lastsMs;
      if (heal !== undefined) {
        counts[kind] += 1;
        cluster.after(lowMs + rng.float() * (highMs - lowMs), heal);
      }
      next();
    });
  };
  next();
  return counts;
}

/** Puts one fault in force, and returns what takes it back; undefined when there is nobody to hit. */
export function inject<State, Message>(
  cluster: TestCluster<State, Message>,
  kind: FaultKind,
  rng: Rng,
): (() => void) | undefined {
  const shuffled = rng.shuffle(cluster.ids);
  const first = shuffled.find((id) => cluster.node(id).state !== undefined);
  if (first === undefined) return undefined;
  const others = without(shuffled, first);
  const node = cluster.node(first);
  switch (kind) {
    case 'isolate':
      return cutBetween(cluster, [first], others);
    case 'isolate-leader': {
      const leader = cluster.leader() ?? first;
      return cutBetween(cluster, [leader], without(cluster.ids, leader));
    }
    case 'split': {
      const size = rng.int(1, others.length);
      return cutBetween(cluster, [first, ...others.slice(size)], others.slice(0, size));
    }
    case 'bridge': {
      const size = rng.int(1, Math.max(1, others.length - 1));
      return cutBetween(cluster, others.slice(0, size), others.slice(size));
    }
    case 'one-way':
      return rng.float() < 0.5 ? cut(cluster, [first], others) : cut(cluster, others, [first]);
    case 'kill':
    case 'power':
      node.crash(kind === 'kill' ? Infinity : rng.int(0, node.unsynced()));
      return () => node.start();
    case 'pause':
      node.pause();
      return () => node.resume();
    case 'members':
    case 'transfer':
      run(cluster, kind, rng);
      return () => undefined;
  }
}

/** Asks whoever leads, or now and then anyone, for any members, or for any leader. */
function run<State, Message>(
  cluster: TestCluster<State, Message>,
  kind: ErrandKind,
  rng: Rng,
): void {
  const leader = cluster.leader();
  const asked = leader !== undefined && rng.float() < 0.8 ? leader : rng.pick(cluster.ids);
  const [to = asked, ...more] = rng.shuffle(cluster.ids);
  const nodes = [to, ...more.slice(rng.int(0, more.length))];
  cluster.administer(asked, kind === 'transfer' ? { op: kind, to } : { op: kind, nodes });
}

function without(ids: readonly NodeId[], one: NodeId): NodeId[] {
  return ids.filter((id) => id !== one);
}

function cutBetween<State, Message>(
  cluster: TestCluster<State, Message>,
  left: readonly NodeId[],
  right: readonly NodeId[],
): () => void {
  const mendThere = cut(cluster, left, right);
  const mendBack = cut(cluster, right, left);
  return () => {
    mendThere();
    mendBack();
  };
}

/** Cuts what is whole, and mends only that, so that overlapping faults heal apart. */
function cut<State, Message>(
  { links }: TestCluster<State, Message>,
  from: readonly NodeId[],
  to: readonly NodeId[],
): () => void {
  const pairs = from.flatMap((one) => to.map((other) => [one, other] as const));
  const fresh = pairs.filter(([one, other]) => !links.isCut(one, other));
  for (const [one, other] of fresh) links.cut(one, other);
  return () => {
    for (const [one, other] of fresh) links.mend(one, other);
  };
}
