import { grown } from './configuration.ts';

/**
 * Which crashed operations a configuration has made happen: a multiset of their classes, by number. Equal
 * sets have equal numbers, so a configuration carries one integer however many operations crashed.
 */
export interface UsedSets {
  /** The number of the empty set. */
  readonly none: number;
  /** Sets so far. */
  readonly count: number;
  readonly bytes: number;
  /** The set with one more of a class. */
  plus(set: number, crashedClass: number): number;
  /** How many of a class are in the set. */
  countOf(set: number, crashedClass: number): number;
  sizeOf(set: number): number;
  /** Whether everything in the first is in the second. */
  within(one: number, other: number): boolean;
  /** The members in ascending order, each as often as it is in the set. */
  membersOf(set: number): Int32Array;
}

const firstCapacity = 64;

export function createUsedSets(): UsedSets {
  /** Where each set begins in `members`, its size, its hash and its signature. */
  let headers = new Int32Array(4 * firstCapacity);
  let members = new Int32Array(4 * firstCapacity);
  let byContent = new Int32Array(2 * firstCapacity);
  /** Answers of `plus`: set, class, and the result plus one. */
  let sums = new Int32Array(3 * 4 * firstCapacity);
  let sets = 1;
  let used = 0;

  const startOf = (set: number): number => headers[4 * set] as number;
  const sizeOf = (set: number): number => headers[4 * set + 1] as number;

  const make = (set: number, crashedClass: number): number => {
    const start = startOf(set);
    const size = sizeOf(set);
    if (used + size + 1 > members.length) members = grown(members, used + size + 1);
    let place = 0;
    while (place < size && (members[start + place] as number) <= crashedClass) place++;
    members.copyWithin(used, start, start + place);
    members[used + place] = crashedClass;
    members.copyWithin(used + place + 1, start + place, start + size);
    const hash = ((headers[4 * set + 2] as number) + mixed(crashedClass)) | 0;
    const found = find(size + 1, hash);
    if (found >= 0) return found;
    if (4 * sets + 4 > headers.length) headers = grown(headers, 4 * sets + 4);
    headers[4 * sets] = used;
    headers[4 * sets + 1] = size + 1;
    headers[4 * sets + 2] = hash;
    headers[4 * sets + 3] = (headers[4 * set + 3] as number) | (1 << (crashedClass & 31));
    used += size + 1;
    if (4 * sets > byContent.length) rehash();
    file(sets);
    return sets++;
  };

  /** The set that is equal to the one about to be made at `used`, or -1. */
  const find = (size: number, hash: number): number => {
    const mask = byContent.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const set = (byContent[place] as number) - 1;
      if (set < 0) return -1;
      if (headers[4 * set + 2] === hash && sizeOf(set) === size && isAt(startOf(set), size)) {
        return set;
      }
    }
  };
  const isAt = (start: number, size: number): boolean => {
    for (let at = 0; at < size; at++) if (members[start + at] !== members[used + at]) return false;
    return true;
  };
  const file = (set: number): void => {
    const mask = byContent.length - 1;
    let place = (headers[4 * set + 2] as number) & mask;
    while (byContent[place] !== 0) place = (place + 1) & mask;
    byContent[place] = set + 1;
  };
  const rehash = (): void => {
    byContent = new Int32Array(2 * byContent.length);
    sums = new Int32Array(2 * sums.length);
    for (let set = 1; set < sets; set++) file(set);
  };

  return {
    none: 0,
    get count() {
      return sets;
    },
    get bytes() {
      return 4 * (headers.length + members.length + byContent.length + sums.length);
    },
    sizeOf,
    plus(set, crashedClass) {
      const hash = mixed(Math.imul(set, 31) ^ mixed(crashedClass));
      const place = 3 * (((hash >>> 0) % (sums.length / 3)) | 0);
      if (sums[place] === set && sums[place + 1] === crashedClass && sums[place + 2] !== 0) {
        return (sums[place + 2] as number) - 1;
      }
      const result = make(set, crashedClass);
      const now = 3 * (((hash >>> 0) % (sums.length / 3)) | 0);
      sums[now] = set;
      sums[now + 1] = crashedClass;
      sums[now + 2] = result + 1;
      return result;
    },
    countOf(set, crashedClass) {
      if ((((headers[4 * set + 3] as number) >>> (crashedClass & 31)) & 1) === 0) return 0;
      const start = startOf(set);
      const end = start + sizeOf(set);
      let count = 0;
      for (let at = start; at < end; at++) if (members[at] === crashedClass) count++;
      return count;
    },
    within(one, other) {
      if (one === other) return true;
      const size = sizeOf(one);
      const room = sizeOf(other);
      const signature = headers[4 * one + 3] as number;
      if (size >= room || (signature & ~(headers[4 * other + 3] as number)) !== 0) return false;
      let place = startOf(other);
      const end = place + room;
      for (let at = startOf(one), last = at + size; at < last; at++) {
        const member = members[at] as number;
        while (place < end && (members[place] as number) < member) place++;
        if (place === end || members[place] !== member) return false;
        place++;
      }
      return true;
    },
    membersOf: (set) => members.slice(startOf(set), startOf(set) + sizeOf(set)),
  };
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
