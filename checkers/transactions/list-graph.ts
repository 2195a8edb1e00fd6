import { type DependencyGraph, type GraphBuilder, createGraphBuilder } from './dependency-graph.ts';
import type { Lists } from './list-values.ts';
import { addProcessOrder, addRealTimeOrder } from './order-edges.ts';
import { type Transactions, micro } from './transaction.ts';
import { type VersionOrder, nobody } from './version-order.ts';

/** A history of lists, read and put in order. */
export interface ListHistory {
  readonly transactions: Transactions;
  readonly lists: Lists;
  readonly versions: VersionOrder;
}

/** All dependencies of a history of lists, by the data, by the processes and by real time. */
export function listGraph(history: ListHistory): DependencyGraph {
  const builder = createGraphBuilder(history.transactions.count);
  addWrites(builder, history.versions);
  const readers = readersOf(history);
  addReads(builder, history, readers);
  addMisses(builder, history, readers);
  addProcessOrder(builder, history.transactions);
  addRealTimeOrder(builder, history.transactions);
  return builder.build();
}

/** Each element comes after the one before it, and elements never read after the last one read. */
function addWrites(builder: GraphBuilder, { start, order, writer, unseen }: VersionOrder): void {
  unseen.forEach((after, key) => {
    const [first, end] = [start[key] ?? 0, start[key + 1] ?? 0];
    for (let at = first + 1; at < end; at++) {
      builder.add(writer[order[at - 1] ?? 0] ?? 0, writer[order[at] ?? 0] ?? 0, 'ww');
    }
    if (end === first) return;
    const last = writer[order[end - 1] ?? 0] ?? 0;
    for (const element of after) builder.add(last, writer[element] ?? 0, 'ww');
  });
}

/**
 * Who read which version: the readers of version `v` of a key stand in `readers` from
 * `first[start[key] + key + v]` on, because a key has one version more than it has elements.
 */
interface Readers {
  readonly first: Uint32Array;
  readonly readers: Uint32Array;
}

function readersOf({ transactions, versions }: ListHistory): Readers {
  const { microKind, microKey, microValue, keys } = transactions;
  const first = new Uint32Array(versions.order.length + keys.length + 1);
  const placeOf = (each: number): number | null => {
    if (microKind[each] !== micro.read) return null;
    const version = versions.versionOf(microValue[each] ?? 0);
    const key = microKey[each] ?? 0;
    return version === null ? null : (versions.start[key] ?? 0) + key + version;
  };
  for (let each = 0; each < microKind.length; each++) {
    const place = placeOf(each);
    if (place !== null) first[place + 1] = (first[place + 1] ?? 0) + 1;
  }
  for (let place = 1; place < first.length; place++) {
    first[place] = (first[place] ?? 0) + (first[place - 1] ?? 0);
  }
  const readers = new Uint32Array(first.at(-1) ?? 0);
  const next = first.slice();
  eachMicro(transactions, (transaction, each) => {
    const place = placeOf(each);
    if (place === null) return;
    const at = next[place] ?? 0;
    next[place] = at + 1;
    readers[at] = transaction;
  });
  return { first, readers };
}

/** Whoever read a list comes after the one who appended the last element of it. */
function addReads(builder: GraphBuilder, history: ListHistory, { first, readers }: Readers): void {
  const { start, order, writer } = history.versions;
  for (let key = 0; key < history.transactions.keys.length; key++) {
    for (let at = start[key] ?? 0; at < (start[key + 1] ?? 0); at++) {
      const by = writer[order[at] ?? 0] ?? 0;
      const place = at + key + 1;
      const end = first[place + 1] ?? 0;
      for (let each = first[place] ?? 0; each < end; each++) {
        builder.add(by, readers[each] ?? 0, 'wr');
      }
    }
  }
  addStrayReads(builder, history);
}

/** A list that fits into no order still shows that its last element was there. */
function addStrayReads(builder: GraphBuilder, history: ListHistory): void {
  const { transactions, versions } = history;
  eachMicro(transactions, (transaction, each) => {
    if (transactions.microKind[each] !== micro.read) return;
    if (versions.versionOf(transactions.microValue[each] ?? 0) !== null) return;
    const by = versions.writer[lastShown(history, each) ?? -1] ?? nobody;
    if (by !== nobody) builder.add(by, transaction, 'wr');
  });
}

/** The last element that a read showed of those that committed transactions appended, or null. */
export function lastShown(
  { transactions, lists, versions }: ListHistory,
  each: number,
): number | null {
  const read = transactions.microValue[each] ?? 0;
  const version = versions.versionOf(read);
  if (version === 0) return null;
  const start = versions.start[transactions.microKey[each] ?? 0] ?? 0;
  if (version !== null) return versions.order[start + version - 1] ?? null;
  const elements = lists.timelines[lists.readTimeline[read] ?? -1]?.elements ?? [];
  const isCommitted = (element: number): boolean =>
    versions.committed[versions.writer[element] ?? nobody] === 1;
  return elements.slice(0, lists.readLength[read]).findLast(isCommitted) ?? null;
}

/** Whoever read a list comes before the one who appended the next element to it. */
function addMisses(
  builder: GraphBuilder,
  { transactions, versions }: ListHistory,
  { first, readers }: Readers,
): void {
  const { start, order, writer, unseen } = versions;
  for (let key = 0; key < transactions.keys.length; key++) {
    const [begin, end] = [start[key] ?? 0, start[key + 1] ?? 0];
    for (let at = begin; at <= end; at++) {
      const own = readers.subarray(first[at + key] ?? 0, first[at + key + 1] ?? 0);
      const before = at === begin ? nobody : (writer[order[at - 1] ?? 0] ?? nobody);
      // Who appended the version itself before reading it is followed by a ww edge already.
      const missed = own.filter((reader) => reader !== before);
      const next = at < end ? [order[at] ?? 0] : (unseen[key] ?? []);
      addAllPairs(
        builder,
        missed,
        next.map((element) => writer[element] ?? 0),
      );
    }
  }
}

/** Pairs of readers and writers up to which an edge for each costs less than waypoints do. */
const fewPairs = 64;

/**
 * Every reader before every writer but itself. Where both are many, writers stand in a row between two
 * chains of waypoints, one for all writers up to a place and one for all from a place on; a reader that
 * is itself the writer at some place enters both beside it, others enter the first one at its end.
 */
export function addAllPairs(
  builder: GraphBuilder,
  readers: Uint32Array,
  writers: readonly number[],
): void {
  if (readers.length * writers.length <= fewPairs || writers.length === 1) {
    for (const reader of readers) for (const writer of writers) builder.add(reader, writer, 'rw');
    return;
  }
  const row = [...new Set(writers)];
  const places = new Map(row.map((writer, place) => [writer, place]));
  const upTo = chain(builder, row);
  const from = chain(builder, row.toReversed()).toReversed();
  for (const reader of readers) {
    const place = places.get(reader);
    const [below, above] = place === undefined ? [upTo.at(-1)] : [upTo[place - 1], from[place + 1]];
    if (below !== undefined) builder.add(reader, below, 'rw');
    if (above !== undefined) builder.add(reader, above, 'rw');
  }
}

/** Waypoints each of which leads to its own writer and to the waypoint before it. */
function chain(builder: GraphBuilder, row: readonly number[]): number[] {
  const waypoints: number[] = [];
  for (const writer of row) {
    const waypoint = builder.waypoint();
    const before = waypoints.at(-1);
    builder.add(waypoint, writer, 'rw');
    if (before !== undefined) builder.add(waypoint, before, 'rw');
    waypoints.push(waypoint);
  }
  return waypoints;
}

/** Goes through the micro-operations of all transactions. */
export function eachMicro(
  { count, microStart, microEnd }: Transactions,
  take: (transaction: number, each: number) => void,
): void {
  for (let at = 0; at < count; at++) {
    const end = microEnd[at] ?? 0;
    for (let each = microStart[at] ?? 0; each < end; each++) take(at, each);
  }
}
