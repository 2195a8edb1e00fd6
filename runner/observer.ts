import type { Clock } from '../core/clock.ts';
import type { Cluster, Node } from '../core/cluster.ts';
import type { Sighting } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import type { NodeStatus, System } from '../core/system.ts';

/** Watches what the nodes say of themselves: who leads, in which term, who answers at all. */
export interface Observer extends AsyncDisposable {
  /** Everything seen so far; a new entry only when a role, term, leader or answer changed. */
  readonly sightings: readonly Sighting[];
  /** The leader of the highest term among the latest answers. */
  leader(): NodeId | undefined;
  /** Who votes, as that leader knows it; undefined where that never changes, or nobody leads. */
  members(): readonly NodeId[] | undefined;
  /** Looks now, and not at the next turn. */
  look(): Promise<Sighting>;
}

export interface ObserverOptions {
  readonly cluster: Cluster;
  readonly system: System;
  readonly clock: Clock;
  /** The run's clock. */
  readonly nowNs: () => number;
  readonly intervalMs: number;
  /** Told of each new entry; must not throw. */
  readonly onSighting?: (sighting: Sighting) => void;
}

export function observe(options: ObserverOptions): Observer {
  const { cluster, system, clock, nowNs, intervalMs } = options;
  const sightings: Sighting[] = [];
  let isEnded = false;
  let wake = (): void => undefined;
  let latest: Sighting | undefined;

  const ask = (node: Node): Promise<NodeStatus | null> => system.inspect(node).catch(() => null);
  const look = async (): Promise<Sighting> => {
    const answers = await Promise.all(cluster.nodes.map(ask));
    const statuses: Record<NodeId, NodeStatus | null> = {};
    for (const [at, { id }] of cluster.nodes.entries()) statuses[id] = answers[at] ?? null;
    const sighting = { timeNs: nowNs(), statuses };
    if (latest === undefined || isNews(sighting, latest)) {
      const kept = asOfNow(sighting);
      sightings.push(kept);
      options.onSighting?.(kept);
    }
    latest = sighting;
    return sighting;
  };

  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const callOff = clock.after(intervalMs, resolve);
      wake = () => {
        callOff();
        resolve();
      };
    });
  // Asked anew each time: it changes while something is awaited.
  const goesOn = (): boolean => !isEnded;
  const watch = async (): Promise<void> => {
    while (goesOn()) {
      await look();
      if (goesOn()) await rest();
    }
  };
  const watching = watch();

  return {
    sightings,
    leader: () => (latest === undefined ? undefined : leaderOf(latest)),
    members: () => (latest === undefined ? undefined : membersOf(latest)),
    look,
    async [Symbol.asyncDispose]() {
      isEnded = true;
      wake();
      await watching;
    },
  };
}

/** A node in memory may count its counters only when they are looked at. */
function asOfNow({ timeNs, statuses }: Sighting): Sighting {
  const entries = Object.entries(statuses);
  const copies = entries.map(
    ([id, status]) =>
      [id, status === null ? null : { ...status, counters: status.counters }] as const,
  );
  return { timeNs, statuses: Object.fromEntries(copies) };
}

/** The leader of the highest term; a deposed one may still believe in itself. */
export function leaderOf(sighting: Sighting): NodeId | undefined {
  let found: NodeStatus | undefined;
  for (const status of Object.values(sighting.statuses)) {
    if (status?.role !== 'leader') continue;
    if (found === undefined || status.term > found.term) found = status;
  }
  return found?.id;
}

/** Who votes, as the leader knows it; undefined where that never changes, or nobody leads. */
export function membersOf(sighting: Sighting): readonly NodeId[] | undefined {
  const leader = leaderOf(sighting);
  return leader === undefined ? undefined : sighting.statuses[leader]?.members;
}

/** Whether every node answers, and all that are members follow the one leader. */
export function isSettled(sighting: Sighting): boolean {
  const leader = leaderOf(sighting);
  const members = membersOf(sighting);
  const isInPlace = (status: NodeStatus | null): boolean =>
    status !== null && (status.leader === leader || members?.includes(status.id) === false);
  return leader !== undefined && Object.values(sighting.statuses).every(isInPlace);
}

/** Whether all that answer follow the one leader, and are a majority. */
export function isSettledByMajority({ timeNs, statuses }: Sighting): boolean {
  const all = Object.entries(statuses);
  const answering = all.filter(([, status]) => status !== null);
  const isMajority = 2 * answering.length > all.length;
  return isMajority && isSettled({ timeNs, statuses: Object.fromEntries(answering) });
}

function isNews({ statuses }: Sighting, { statuses: before }: Sighting): boolean {
  for (const id in statuses) if (differs(statuses[id] ?? null, before[id] ?? null)) return true;
  return false;
}

function differs(one: NodeStatus | null, other: NodeStatus | null): boolean {
  if (one === null || other === null) return one !== other;
  if (one.role !== other.role || one.term !== other.term || one.leader !== other.leader)
    return true;
  return one.members !== other.members && String(one.members) !== String(other.members);
}
