import { createClocks } from './clocks.ts';
import { naturals } from './column.ts';
import { type DependencyGraph, everyKind } from './dependency-graph.ts';
import { type Grouping, grouped } from './grouping.ts';
import { initial, nobody } from './registers.ts';
import type { Sessions } from './sessions-of.ts';
import { strongComponents } from './strong-components.ts';
import { type Accesses, type TakePassed, sourceOf } from './weak-order.ts';

/** How transactions came to see each other. */
export interface HappensBefore {
  readonly sessions: Sessions;
  /** The edges of sessions and reads, without a cycle. */
  readonly graph: DependencyGraph;
}

/**
 * Causal consistency: who comes after a transaction, by sessions and reads in any number of steps, reads no
 * older version of anything that one wrote. After AWDIT (Møldrup & Pavlogiannis 2025, section 3.3): a clock
 * for each transaction tells how far it sees into each session, and of each session only the last
 * writer of a key that is seen counts. Those that the writer of what was read sees itself are before it
 * anyway. Time is O(n · sessions); memory is a clock for each transaction that others have yet to read.
 */
export function causalOrder(
  accesses: Accesses,
  { sessions, graph }: HappensBefore,
  take: TakePassed,
): void {
  const { registers, reads } = accesses;
  const places = placesOf(sessions);
  const writers = writersByKey(accesses, sessions, places);
  const clocks = createClocks(sessions.count, usesOf(accesses, sessions));
  for (const reader of inOrder(graph)) {
    const session = sessions.of[reader] ?? -1;
    if (session < 0) continue;
    const [start, end] = [reads.start[reader] ?? 0, reads.start[reader + 1] ?? 0];
    const before = sessions.before[reader] ?? nobody;
    const seen = clocks.open(reader);
    if (before !== nobody) clocks.merge(seen, before);
    for (let each = start; each < end; each++) {
      const source = sourceOf(registers, reads.version[each] ?? initial);
      if (source !== nobody) clocks.merge(seen, source);
    }
    for (let each = start; each < end; each++) {
      const version = reads.version[each] ?? initial;
      const source = sourceOf(registers, version);
      const known = source === nobody ? null : clocks.of(source);
      const key = reads.key[each] ?? 0;
      writers.forEachSeen(key, seen, (other) => {
        const covered = (known?.[sessions.of[other] ?? 0] ?? 0) > (places[other] ?? 0);
        if (!covered) take({ other, reader, key, version });
      });
    }
    seen[session] = (places[reader] ?? 0) + 1;
    clocks.close(reader);
    if (before !== nobody) clocks.release(before);
    for (let each = start; each < end; each++) {
      const source = sourceOf(registers, reads.version[each] ?? initial);
      if (source !== nobody) clocks.release(source);
    }
  }
}

/** How many transactions stand before each one in its session. */
function placesOf({ count, of, members }: Sessions): Uint32Array {
  const places = new Uint32Array(of.length);
  for (let session = 0; session < count; session++) {
    const [start, end] = [members.start[session] ?? 0, members.start[session + 1] ?? 0];
    for (let each = start; each < end; each++) places[members.rows[each] ?? 0] = each - start;
  }
  return places;
}

/** How often the clock of each transaction will be asked for: by its successor, and by its readers. */
function usesOf({ registers, reads }: Accesses, sessions: Sessions): Uint32Array {
  const uses = new Uint32Array(registers.transactions.count);
  for (const before of sessions.before) if (before >= 0) uses[before] = (uses[before] ?? 0) + 1;
  for (const version of reads.version) {
    const source = sourceOf(registers, version);
    if (source !== nobody) uses[source] = (uses[source] ?? 0) + 1;
  }
  return uses;
}

/** Transactions so that each comes after those that lead to it; the graph has no cycle. */
function inOrder(graph: DependencyGraph): Uint32Array {
  const { of, count } = strongComponents(graph, everyKind);
  const order = new Uint32Array(count);
  of.forEach((component, node) => (order[count - 1 - component] = node));
  return order;
}

interface WritersByKey {
  /** For each session the last writer of the key that a clock sees. */
  readonly forEachSeen: (
    key: number,
    seen: Uint32Array,
    visit: (transaction: number) => void,
  ) => void;
}

/** The writers of each key, session by session: a *run* are those of one key and one session. */
function writersByKey(
  { registers, writes }: Accesses,
  sessions: Sessions,
  places: Uint32Array,
): WritersByKey {
  const { writer, keyOf, transactions } = registers;
  const ofSessions = versionsOf(sessions, writes.byWriter);
  const byKey = grouped(ofSessions, (version) => keyOf[version] ?? 0, transactions.keys.length);
  const by = byKey.rows.map((version) => writer[version] ?? 0);
  const placeOf = (row: number): number => places[by[row] ?? 0] ?? 0;
  const runs = runsOf(by, byKey, sessions);
  return {
    forEachSeen(key, seen, visit) {
      const last = runs.ofKey[key + 1] ?? 0;
      for (let run = runs.ofKey[key] ?? 0; run < last; run++) {
        const start = runs.start[run] ?? 0;
        const limit = seen[sessions.of[by[start] ?? 0] ?? 0] ?? 0;
        if (limit <= placeOf(start)) continue;
        let [low, high] = [start, (runs.start[run + 1] ?? 0) - 1];
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if (placeOf(middle) < limit) low = middle;
          else high = middle - 1;
        }
        visit(by[low] ?? 0);
      }
    },
  };
}

/** What was left behind, in order of sessions and, within each, of transactions. */
function versionsOf({ members }: Sessions, { start, rows }: Grouping): Uint32Array {
  const versions = new Uint32Array(rows.length);
  let length = 0;
  for (const at of members.rows) {
    const end = start[at + 1] ?? 0;
    for (let each = start[at] ?? 0; each < end; each++) versions[length++] = rows[each] ?? 0;
  }
  return versions.subarray(0, length);
}

/** Where runs start among the writers, and which runs each key has. */
function runsOf(
  by: Uint32Array,
  byKey: Grouping,
  sessions: Sessions,
): { readonly start: Uint32Array; readonly ofKey: Uint32Array } {
  const start = naturals();
  const keys = byKey.start.length - 1;
  const ofKey = new Uint32Array(keys + 1);
  for (let key = 0; key < keys; key++) {
    ofKey[key] = start.length();
    let current = -1;
    const end = byKey.start[key + 1] ?? 0;
    for (let row = byKey.start[key] ?? 0; row < end; row++) {
      const session = sessions.of[by[row] ?? 0] ?? 0;
      if (session !== current) start.push(row);
      current = session;
    }
  }
  ofKey[keys] = start.length();
  start.push(by.length);
  return { start: start.values(), ofKey };
}
