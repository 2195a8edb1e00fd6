import { type FaultEvent, type OpEvent, isFaultEvent } from '../core/event.ts';
import type { History } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Sighting } from '../core/nemesis.ts';
import type { FaultEffect } from '../core/run.ts';
import { type Latencies, latencies } from './latencies.ts';
import { leaderOf, membersOf } from './observer.ts';

/**
 * Did the faults bite? A run whose faults changed nothing proves nothing. For every fault this looks at
 * its window, from when it was in force to a while after it was healed, and says what was different
 * from the quiet times: operations that failed or stayed unknown, slower ones, another leader, a higher
 * term, other members, nodes that did not answer, packets swallowed.
 */
export function faultEffects(
  history: History,
  sightings: readonly Sighting[],
  kinds: readonly string[],
): FaultEffect[] {
  const windows = faultWindows(history);
  const operations = [...completions(history)];
  const quiet = quietOf(
    operations.filter(({ timeNs }) => !windows.some((window) => covers(window, timeNs))),
  );
  return kinds.map((kind) => {
    const own = windows.filter((window) => window.fault === kind);
    const struck = own.filter((window) => window.activeNs !== undefined);
    const seen = struck.map((window) => effectOf(window, operations, sightings, quiet));
    return {
      fault: kind,
      injected: struck.length,
      failed: own.length - struck.length,
      bit: seen.filter(hasBitten).length,
      effects: { ...sum(seen) },
    };
  });
}

/** After a fault is healed its effects go on for a while: elections, retransmissions, reconnecting. */
const afterglowNs = 1e9;

/** Up to this share of slow operations is what any machine shows without a fault. */
const noiseShare = 0.01;

interface Window {
  readonly fault: string;
  readonly beginNs: number;
  activeNs?: number;
  endNs: number;
  droppedBefore: number;
  droppedAfter: number;
}

function faultWindows(history: History): Window[] {
  const windows = new Map<number, Window>();
  for (const event of history.events()) {
    if (!isFaultEvent(event)) continue;
    const window = windows.get(event.faultId) ?? {
      fault: event.fault,
      beginNs: event.timeNs,
      endNs: Infinity,
      droppedBefore: 0,
      droppedAfter: 0,
    };
    windows.set(event.faultId, window);
    if (event.phase === 'active') {
      window.activeNs = event.timeNs;
      window.droppedBefore = droppedIn(event);
    }
    if (event.phase === 'end') {
      window.endNs = event.timeNs + afterglowNs;
      window.droppedAfter = droppedIn(event);
    }
    // What was not put in force is over, and must not make the rest of the run look struck.
    if (event.phase === 'failed') window.endNs = event.timeNs + afterglowNs;
  }
  return [...windows.values()];
}

function droppedIn({ value }: FaultEvent): number {
  const dropped = (value as { readonly dropped?: Json } | null)?.dropped;
  return typeof dropped === 'number' ? dropped : 0;
}

function covers(window: Window, timeNs: number): boolean {
  return timeNs >= window.beginNs && timeNs <= window.endNs;
}

interface Completion {
  readonly timeNs: number;
  readonly latencyNs: number;
  readonly phase: OpEvent['phase'];
  /** A cas that did not match is an answer, not an error. */
  readonly error: boolean;
}

function* completions(history: History): Generator<Completion> {
  const open = new Map<number, OpEvent>();
  for (const event of history.events()) {
    if (isFaultEvent(event)) continue;
    if (event.phase === 'invoke') {
      open.set(event.process, event);
      continue;
    }
    const invoke = open.get(event.process);
    open.delete(event.process);
    if (invoke === undefined) continue;
    const { timeNs, phase } = event;
    const error = phase === 'info' || (phase === 'fail' && event.op !== 'cas');
    yield { timeNs, phase, error, latencyNs: timeNs - (invoke.dueNs ?? invoke.timeNs) };
  }
}

/** What operations are like while no fault is in force. */
interface Quiet {
  readonly p99Ns: number;
  readonly errorShare: number;
}

function quietOf(operations: readonly Completion[]): Quiet {
  const errors = operations.filter(({ error }) => error).length;
  return { p99Ns: p99Ns(operations), errorShare: errors / Math.max(1, operations.length) };
}

interface Effect {
  readonly errors: number;
  readonly slowOperations: number;
  readonly leaderChanges: number;
  readonly termChanges: number;
  readonly memberChanges: number;
  readonly silentNodes: number;
  readonly dropped: number;
}

function effectOf(
  window: Window,
  operations: readonly Completion[],
  sightings: readonly Sighting[],
  quiet: Quiet,
): Effect {
  const during = operations.filter(({ timeNs }) => covers(window, timeNs));
  const seen = sightings.filter(({ timeNs }) => covers(window, timeNs));
  const before = sightings.filter(({ timeNs }) => timeNs < window.beginNs).slice(-1);
  const all = [...before, ...seen];
  const slow = during.filter(({ latencyNs }) => latencyNs > 3 * quiet.p99Ns).length;
  const errors = during.filter(({ error }) => error).length;
  return {
    errors: errors > 2 * quiet.errorShare * during.length ? errors : 0,
    slowOperations: slow > noiseShare * during.length ? slow : 0,
    leaderChanges: changes(all.map(leaderOf).filter((leader) => leader !== undefined)),
    termChanges: changes(all.map(highestTerm)),
    memberChanges: changes(
      all
        .map(membersOf)
        .filter((members) => members !== undefined)
        .map(String),
    ),
    silentNodes: new Set(seen.flatMap(silentIn)).size,
    dropped: Math.max(0, window.droppedAfter - window.droppedBefore),
  };
}

function hasBitten(effect: Effect): boolean {
  return Object.values(effect).some((amount: number) => amount > 0);
}

function sum(effects: readonly Effect[]): JsonObject {
  const total: Record<string, number> = {};
  for (const effect of effects) {
    for (const [name, amount] of Object.entries(effect) as [string, number][]) {
      total[name] = (total[name] ?? 0) + amount;
    }
  }
  return total;
}

function p99Ns(operations: readonly Completion[]): number {
  const times: Latencies = latencies();
  for (const { latencyNs, phase } of operations) if (phase === 'ok') times.record(latencyNs);
  return times.count === 0 ? Infinity : times.percentileMs(99) * 1e6;
}

function changes(values: readonly unknown[]): number {
  return values.filter((value, at) => at > 0 && value !== values[at - 1]).length;
}

function highestTerm({ statuses }: Sighting): number {
  return Math.max(0, ...Object.values(statuses).map((status) => status?.term ?? 0));
}

function silentIn({ statuses }: Sighting): string[] {
  return Object.entries(statuses).flatMap(([node, status]) => (status === null ? [node] : []));
}
