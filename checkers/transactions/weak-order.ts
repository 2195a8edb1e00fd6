import type { GraphBuilder } from './dependency-graph.ts';
import type { LastWrites } from './last-writes.ts';
import { type Marks, createMarks } from './marks.ts';
import type { ExternalReads } from './register-reads.ts';
import { type Registers, initial, nobody } from './registers.ts';
import { type Sessions } from './sessions-of.ts';

/** What the orders that levels ask for are made from. */
export interface Accesses {
  readonly registers: Registers;
  readonly reads: ExternalReads;
  readonly writes: LastWrites;
}

/** Who wrote a version; `nobody` for the initial one. */
export function sourceOf({ writer }: Registers, version: number): number {
  return version === initial ? nobody : (writer[version] ?? nobody);
}

/** Puts each transaction behind those whose writes it read. */
export function addReadsFrom(builder: GraphBuilder, { registers, reads }: Accesses): void {
  forEachRead(registers, reads, (reader, each) => {
    const source = sourceOf(registers, reads.version[each] ?? initial);
    if (source !== nobody) builder.add(source, reader, 'wr');
  });
}

/** A transaction read a version of a key though it had seen another that wrote the key as well. */
export interface Passed {
  readonly other: number;
  readonly reader: number;
  readonly key: number;
  readonly version: number;
}

/** Takes what a level finds out. */
export type TakePassed = (passed: Passed) => void;

/**
 * Then the other one wrote before. If what was read is the initial value, nothing is before it, and the
 * reader would have to come before what it saw.
 */
export function addPassed(builder: GraphBuilder, registers: Registers, passed: Passed): void {
  const { other, reader, version } = passed;
  const source = sourceOf(registers, version);
  if (source === nobody) builder.add(reader, other, 'rw');
  else builder.add(other, source, 'ww');
}

/**
 * Read committed: who has read from a transaction reads no older version of what that one wrote. After
 * AWDIT (Møldrup & Pavlogiannis 2025, section 3.1) only the first read from each source and the next
 * read of a key after it are looked at; the others follow. For each source the smaller of what it wrote
 * and what is read later is gone through, which makes O(n^1.5) in all.
 */
export function readCommittedOrder(accesses: Accesses, take: TakePassed): void {
  const { registers, reads } = accesses;
  const { count, keys } = registers.transactions;
  const later = createMarks(keys.length);
  const firstRead = createMarks(count);
  for (let reader = 0; reader < count; reader++) {
    const [start, end] = [reads.start[reader] ?? 0, reads.start[reader + 1] ?? 0];
    if (end - start < 2) continue;
    later.clear();
    firstRead.clear();
    for (let each = start; each < end; each++) {
      const source = sourceOf(registers, reads.version[each] ?? initial);
      if (source !== nobody && !firstRead.has(source)) firstRead.set(source, each);
    }
    for (let each = end - 1; each >= start; each--) {
      const own = reads.version[each] ?? initial;
      const key = reads.key[each] ?? 0;
      const other = sourceOf(registers, own);
      const pass = (shared: number): void => {
        const version = later.get(shared);
        if (sourceOf(registers, version) === other) return;
        take({ other, reader, key: shared, version });
      };
      if (other !== nobody && later.has(key)) pass(key);
      if (firstRead.get(other) === each && firstRead.has(other)) {
        forSharedKeys(accesses, other, later, pass);
      }
      later.set(key, own);
    }
  }
}

/**
 * Read atomic, as far as reads go: who reads from a transaction reads no older version of anything that
 * one wrote (Bailis et al. 2014).
 */
export function readAtomicOrder(accesses: Accesses, take: TakePassed): void {
  const { registers, reads } = accesses;
  const { count, keys } = registers.transactions;
  const read = createMarks(keys.length);
  const sources = createMarks(count);
  for (let reader = 0; reader < count; reader++) {
    const [start, end] = [reads.start[reader] ?? 0, reads.start[reader + 1] ?? 0];
    if (end - start < 2) continue;
    read.clear();
    sources.clear();
    for (let each = start; each < end; each++) {
      const version = reads.version[each] ?? initial;
      read.set(reads.key[each] ?? 0, version);
      if (version !== initial) sources.set(sourceOf(registers, version), 1);
    }
    for (const other of sources.places()) {
      forSharedKeys(accesses, other, read, (key) => {
        const version = read.get(key);
        if (sourceOf(registers, version) !== other) take({ other, reader, key, version });
      });
    }
  }
}

/**
 * Read atomic, as far as sessions go: who comes after a transaction in its session reads no older version of
 * what that one wrote. Only the last writer of a key is looked at; those before it come before it anyway.
 */
export function sessionOrder(
  { registers, reads, writes }: Accesses,
  sessions: Sessions,
  take: TakePassed,
): void {
  const latest = createMarks(registers.transactions.keys.length);
  for (let session = 0; session < sessions.count; session++) {
    latest.clear();
    const end = sessions.members.start[session + 1] ?? 0;
    for (let place = sessions.members.start[session] ?? 0; place < end; place++) {
      const reader = sessions.members.rows[place] ?? 0;
      const last = reads.start[reader + 1] ?? 0;
      for (let each = reads.start[reader] ?? 0; each < last; each++) {
        const [key, version] = [reads.key[each] ?? 0, reads.version[each] ?? initial];
        const other = latest.get(key);
        if (!latest.has(key) || other === sourceOf(registers, version)) continue;
        take({ other, reader, key, version });
      }
      const until = writes.byWriter.start[reader + 1] ?? 0;
      for (let each = writes.byWriter.start[reader] ?? 0; each < until; each++) {
        latest.set(registers.keyOf[writes.byWriter.rows[each] ?? 0] ?? 0, reader);
      }
    }
  }
}

/** Visits the marked keys that a transaction wrote, by way of whichever are fewer. */
function forSharedKeys(
  { registers, writes }: Accesses,
  transaction: number,
  marked: Marks,
  visit: (key: number) => void,
): void {
  const { start, rows } = writes.byWriter;
  const [from, until] = [start[transaction] ?? 0, start[transaction + 1] ?? 0];
  const places = marked.places();
  if (places.length < until - from) {
    for (const key of places) if (writes.find(transaction, key) !== null) visit(key);
    return;
  }
  for (let each = from; each < until; each++) {
    const key = registers.keyOf[rows[each] ?? 0] ?? 0;
    if (marked.has(key)) visit(key);
  }
}

function forEachRead(
  { transactions }: Registers,
  reads: ExternalReads,
  visit: (reader: number, each: number) => void,
): void {
  for (let reader = 0; reader < transactions.count; reader++) {
    const end = reads.start[reader + 1] ?? 0;
    for (let each = reads.start[reader] ?? 0; each < end; each++) visit(reader, each);
  }
}
