import type { Lists, Timeline } from './list-values.ts';
import { type Transactions, micro, outcome } from './transaction.ts';

/** In place of a transaction: nobody appended it. */
export const nobody = -1;

/**
 * Which states each key went through. Version `v` of a key is the list of its first `v` elements that
 * committed transactions appended; what aborted ones appended, or nobody, is no version (Adya 1999,
 * section 3.1: the version order is one of committed versions).
 */
export interface VersionOrder {
  /** Who appended each element; `nobody` for what was only read. Failed transactions count. */
  readonly writer: Int32Array;
  /** 1 for elements that their writer followed by no other of the same key. */
  readonly isLast: Uint8Array;
  /** The element that the same transaction appended to the same key before, or -1. */
  readonly ownBefore: Int32Array;
  /** 1 for transactions that committed: those that say so, and crashed ones that were observed. */
  readonly committed: Uint8Array;
  /** The committed elements of a key in order are those of `order` from `start[key]` to `start[key + 1]`. */
  readonly start: Uint32Array;
  readonly order: Uint32Array;
  /** The place of each element in its key's part of `order`, or -1. */
  readonly position: Int32Array;
  /** Elements of committed transactions that no read showed: they come after all that were. */
  readonly unseen: readonly (readonly number[])[];
  /** The timeline that the order of a key was taken from. */
  readonly main: (key: number) => Timeline | null;
  /** What a read showed as a version; null when it fits into no order, as its timeline is not the main one. */
  readonly versionOf: (read: number) => number | null;
  /** An element that two transactions appended: then reads do not say whose it was. */
  readonly appendedTwice: number | null;
}

/** The longest list read is the order of its key, as all other reads must be beginnings of it. */
export function orderVersions(transactions: Transactions, lists: Lists): VersionOrder {
  const { writer, isLast, ownBefore, twice } = findWriters(transactions, lists);
  const committed = findCommitted(transactions, lists, writer);
  const isCommitted = (element: number): boolean => committed[writer[element] ?? nobody] === 1;
  const keys = transactions.keys.length;
  const mains = Array.from({ length: keys }, (_, key) => longestOf(lists, key));
  const start = new Uint32Array(keys + 1);
  const position = new Int32Array(lists.elements).fill(-1);
  const order: number[] = [];
  mains.forEach((main, key) => {
    for (const element of main?.elements ?? []) {
      if (position[element] !== -1 || !isCommitted(element)) continue;
      position[element] = order.push(element) - 1 - (start[key] ?? 0);
    }
    start[key + 1] = order.length;
  });
  const ordered = { start, order: Uint32Array.from(order), position };
  const main = (key: number): Timeline | null => mains[key] ?? null;
  const versionOf = createVersions(lists, main, ordered);
  const unseen = findUnseen(transactions, committed, seenIn(lists, ownBefore));
  const written = { writer, isLast, ownBefore, appendedTwice: twice };
  return { ...written, committed, ...ordered, unseen, main, versionOf };
}

function longestOf({ timelines, timelinesOf }: Lists, key: number): Timeline | null {
  let longest: Timeline | null = null;
  for (const number of timelinesOf[key] ?? []) {
    const timeline = timelines[number];
    if (timeline === undefined) continue;
    if (timeline.elements.length > (longest?.elements.length ?? 0)) longest = timeline;
  }
  return longest;
}

interface Writers extends Pick<VersionOrder, 'writer' | 'isLast' | 'ownBefore'> {
  readonly twice: number | null;
}

/** A failed append may be tried again by another transaction: then the element is the other's. */
function findWriters(transactions: Transactions, { elements }: Lists): Writers {
  const { count, microStart, microEnd, microKind, microKey, microValue } = transactions;
  const writer = new Int32Array(elements).fill(nobody);
  const isLast = new Uint8Array(elements);
  const ownBefore = new Int32Array(elements).fill(-1);
  const lastOf = new Int32Array(transactions.keys.length).fill(-1);
  let twice: number | null = null;
  for (let at = 0; at < count; at++) {
    const failed = transactions.outcome[at] === outcome.fail;
    for (let each = microStart[at] ?? 0; each < (microEnd[at] ?? 0); each++) {
      if (microKind[each] !== micro.append) continue;
      const element = microValue[each] ?? 0;
      const known = writer[element] ?? nobody;
      if (known !== nobody) {
        if (failed) continue;
        if (transactions.outcome[known] !== outcome.fail) twice ??= element;
      }
      const key = microKey[each] ?? 0;
      const before = lastOf[key] ?? -1;
      const isOwn = writer[before] === at;
      if (isOwn) isLast[before] = 0;
      ownBefore[element] = isOwn ? before : -1;
      writer[element] = at;
      isLast[element] = 1;
      lastOf[key] = element;
    }
  }
  return { writer, isLast, ownBefore, twice };
}

function findCommitted(
  { count, outcome: how }: Transactions,
  { timelines }: Lists,
  writer: Int32Array,
): Uint8Array {
  const committed = new Uint8Array(count);
  for (let at = 0; at < count; at++) if (how[at] === outcome.ok) committed[at] = 1;
  for (const { elements } of timelines) {
    for (const element of elements) {
      const by = writer[element] ?? nobody;
      if (by !== nobody && how[by] === outcome.info) committed[by] = 1;
    }
  }
  return committed;
}

/** What reads showed, and what its own transaction had appended before it, the place of which is known too. */
function seenIn({ timelines, elements }: Lists, ownBefore: Int32Array): Uint8Array {
  const seen = new Uint8Array(elements);
  for (const timeline of timelines) {
    for (const shown of timeline.elements) {
      for (let each = shown; each !== -1 && seen[each] === 0; each = ownBefore[each] ?? -1) {
        seen[each] = 1;
      }
    }
  }
  return seen;
}

function findUnseen(
  { count, microStart, microEnd, microKind, microKey, microValue, keys }: Transactions,
  committed: Uint8Array,
  seen: Uint8Array,
): readonly (readonly number[])[] {
  const unseen: number[][] = Array.from(keys, () => []);
  for (let at = 0; at < count; at++) {
    if (committed[at] === 0) continue;
    for (let each = microStart[at] ?? 0; each < (microEnd[at] ?? 0); each++) {
      const element = microValue[each] ?? 0;
      if (microKind[each] !== micro.append || seen[element] === 1) continue;
      unseen[microKey[each] ?? 0]?.push(element);
    }
  }
  return unseen;
}

/**
 * In a timeline that agrees with the order from its beginning, a list of so many elements is the version
 * of that number, and no table is needed. Elsewhere elements are counted that are in the order, as far as
 * the timeline agrees with the main one.
 */
function createVersions(
  { timelines, readTimeline, readLength }: Lists,
  main: VersionOrder['main'],
  { start, position }: Pick<VersionOrder, 'start' | 'position'>,
): VersionOrder['versionOf'] {
  const odd = new Map<number, readonly number[]>();
  timelines.forEach((timeline, number) => {
    const longest = main(timeline.key);
    const ordered = (start[timeline.key + 1] ?? 0) - (start[timeline.key] ?? 0);
    if (timeline === longest && timeline.elements.length === ordered) return;
    odd.set(number, versionsAlong(timeline, longest?.elements ?? [], position));
  });
  return (read) => {
    const timeline = readTimeline[read] ?? -1;
    const length = readLength[read] ?? 0;
    const versions = odd.get(timeline);
    return versions === undefined ? length : (versions[length] ?? null);
  };
}

/** The version after each element, as far as the timeline agrees with the main one. */
function versionsAlong(
  { elements }: Timeline,
  main: readonly number[],
  position: Int32Array,
): readonly number[] {
  const versions = [0];
  for (let at = 0; at < elements.length && elements[at] === main[at]; at++) {
    const place = position[elements[at] ?? 0] ?? -1;
    versions.push(Math.max(versions[at] ?? 0, place + 1));
  }
  return versions;
}
