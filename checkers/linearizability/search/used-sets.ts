import { grown } from './configuration.ts';
import { createMemo } from './memo.ts';

/**
 * Which crashed operations a configuration has made happen: a multiset of their classes, by number. Equal
 * sets have equal numbers, so a configuration carries one integer however many operations crashed.
 */
export interface UsedSets {
  /** The number of the empty set. */
  readonly none: number;
  /** Sets so far. */
  count(): number;
  bytes(): number;
  /** The set with one more of a class. */
  readonly plus: (set: number, crashedClass: number) => number;
  /** How many of a class are in the set. */
  countOf(set: number, crashedClass: number): number;
  sizeOf(set: number): number;
  /** Whether everything in the first is in the second. */
  within(one: number, other: number): boolean;
  /** The members in ascending order, each as often as it is in the set. */
  membersOf(set: number): Int32Array;
}

const firstCapacity = 32;

/** In the header of a set: where its members begin, how many they are, their hash and signature. */
const startField = 0;
const sizeField = 1;
const hashField = 2;
/** A bit for each member, shared by all classes that are equal modulo 32. */
const signatureField = 3;

interface Tables {
  headers: Int32Array;
  members: Int32Array;
  /** Open addressing by hash; a set is one above its number, and zero is free. */
  byContent: Int32Array;
  count: number;
  membersCount: number;
}

export function createUsedSets(): UsedSets {
  const tables: Tables = {
    headers: new Int32Array(4 * firstCapacity),
    members: new Int32Array(4 * firstCapacity),
    byContent: new Int32Array(2 * firstCapacity),
    count: 1,
    membersCount: 0,
  };
  const memo = createMemo((set, crashedClass) => extended(tables, set, crashedClass));
  const field = (set: number, which: number): number => tables.headers[4 * set + which] as number;
  return {
    none: 0,
    count: () => tables.count,
    bytes() {
      const { headers, members, byContent } = tables;
      return headers.byteLength + members.byteLength + byContent.byteLength + memo.bytes();
    },
    plus: memo.look,
    sizeOf: (set) => field(set, sizeField),
    countOf(set, crashedClass) {
      if (((field(set, signatureField) >>> (crashedClass & 31)) & 1) === 0) return 0;
      const start = field(set, startField);
      const end = start + field(set, sizeField);
      let count = 0;
      for (let at = start; at < end; at++) if (tables.members[at] === crashedClass) count++;
      return count;
    },
    within(one, other) {
      if (one === other) return true;
      if (field(one, sizeField) >= field(other, sizeField)) return false;
      if ((field(one, signatureField) & ~field(other, signatureField)) !== 0) return false;
      return hasAll(tables, other, one);
    },
    membersOf(set) {
      const start = field(set, startField);
      return tables.members.slice(start, start + field(set, sizeField));
    },
  };
}

function hasAll({ headers, members }: Tables, set: number, others: number): boolean {
  let place = headers[4 * set + startField] as number;
  const end = place + (headers[4 * set + sizeField] as number);
  const start = headers[4 * others + startField] as number;
  const last = start + (headers[4 * others + sizeField] as number);
  for (let at = start; at < last; at++) {
    const member = members[at] as number;
    while (place < end && (members[place] as number) < member) place++;
    if (place === end || members[place] !== member) return false;
    place++;
  }
  return true;
}

/** Writes the longer set behind all others, and keeps it if there is none like it. */
function extended(tables: Tables, set: number, crashedClass: number): number {
  const { headers, membersCount } = tables;
  const start = headers[4 * set + startField] as number;
  const size = headers[4 * set + sizeField] as number;
  if (membersCount + size + 1 > tables.members.length) {
    tables.members = grown(tables.members, membersCount + size + 1);
  }
  const { members } = tables;
  let before = 0;
  while (before < size && (members[start + before] as number) <= crashedClass) before++;
  members.copyWithin(membersCount, start, start + before);
  members[membersCount + before] = crashedClass;
  members.copyWithin(membersCount + before + 1, start + before, start + size);
  const hash = ((headers[4 * set + hashField] as number) + mixed(crashedClass)) | 0;
  const signature = (headers[4 * set + signatureField] as number) | (1 << (crashedClass & 31));
  const found = equalTo(tables, size + 1, hash);
  return found >= 0 ? found : keep(tables, [membersCount, size + 1, hash, signature]);
}

/** The set that has the members last written, or -1. */
function equalTo(tables: Tables, size: number, hash: number): number {
  const { byContent, headers, members, membersCount } = tables;
  const mask = byContent.length - 1;
  for (let place = hash & mask; ; place = (place + 1) & mask) {
    const set = (byContent[place] as number) - 1;
    if (set < 0) return -1;
    if (headers[4 * set + hashField] !== hash || headers[4 * set + sizeField] !== size) continue;
    const start = headers[4 * set + startField] as number;
    let same = 0;
    while (same < size && members[start + same] === members[membersCount + same]) same++;
    if (same === size) return set;
  }
}

function keep(tables: Tables, header: readonly [number, number, number, number]): number {
  const set = tables.count++;
  if (4 * set + 4 > tables.headers.length) tables.headers = grown(tables.headers, 4 * set + 4);
  tables.headers.set(header, 4 * set);
  tables.membersCount += header[sizeField];
  if (2 * tables.count <= tables.byContent.length) {
    file(tables, set);
    return set;
  }
  tables.byContent = new Int32Array(2 * tables.byContent.length);
  for (let each = 1; each <= set; each++) file(tables, each);
  return set;
}

function file({ byContent, headers }: Tables, set: number): void {
  const mask = byContent.length - 1;
  let place = (headers[4 * set + hashField] as number) & mask;
  while (byContent[place] !== 0) place = (place + 1) & mask;
  byContent[place] = set + 1;
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
