import type { Grouping } from './grouping.ts';
import type { LaidOut } from './order-problem.ts';
import { type OrderState, keysWritten, phase, readersLeft } from './order-state.ts';
import { initial } from './registers.ts';

/** Lets a transaction come: all of it, or in snapshots its reads. */
export function come(state: OrderState, at: number): void {
  const { next, previous, status, laidOut } = state;
  next[previous[at] ?? 0] = next[at] ?? 0;
  previous[next[at] ?? 0] = previous[at] ?? 0;
  countReaders(state, at, -1);
  status[at] = phase.begun;
  stir(state, 2 * at);
  state.trail.push(2 * at);
  if (laidOut.problem.moments === 'serial') commit(state, at);
  else setBegun(state, at, true);
}

/** Whether nobody is left who has to read what a transaction that has begun replaces. */
export function canCommit(state: OrderState, at: number): boolean {
  return keysWritten(state.laidOut, at).every((key) => readersLeft(state, key) === 0);
}

/** Lets all that have begun and can commit do so, which never stands in anybody's way. */
export function commitAll(state: OrderState): void {
  for (const at of [...state.begun]) if (canCommit(state, at)) commit(state, at);
}

function commit(state: OrderState, at: number): void {
  for (const version of versionsOf(state.laidOut, at)) {
    const key = keyOf(state.laidOut, version);
    state.replaced.push(state.current[key] ?? initial);
    setVersion(state, key, version);
  }
  countWaits(state, at, -1);
  if (state.laidOut.problem.moments === 'snapshot') setBegun(state, at, false);
  state.status[at] = phase.over;
  state.done++;
  stir(state, 2 * at + 1);
  state.trail.push(2 * at + 1);
}

/** Takes back all steps beyond the first so many. */
export function takeBack(state: OrderState, depth: number): void {
  while (state.trail.length > depth) {
    const step = state.trail.pop() ?? 0;
    const at = Math.floor(step / 2);
    if (step % 2 === 1) takeBackCommit(state, at);
    else takeBackCome(state, at);
    stir(state, step);
  }
}

function takeBackCommit(state: OrderState, at: number): void {
  const { laidOut, status, rank } = state;
  for (const version of versionsOf(laidOut, at).toReversed()) {
    setVersion(state, keyOf(laidOut, version), state.replaced.pop() ?? initial);
  }
  countWaits(state, at, 1);
  if (laidOut.problem.moments === 'snapshot') setBegun(state, at, true);
  status[at] = phase.begun;
  state.done--;
  state.returned = Math.min(state.returned, rank[at] ?? 0);
}

function takeBackCome(state: OrderState, at: number): void {
  const { next, previous, status, laidOut } = state;
  if (laidOut.problem.moments === 'snapshot') setBegun(state, at, false);
  countReaders(state, at, 1);
  status[at] = phase.waiting;
  next[previous[at] ?? 0] = at;
  previous[next[at] ?? 0] = at;
}

/** While a transaction that has begun has not committed, what it writes is locked for others. */
function setBegun(state: OrderState, at: number, open: boolean): void {
  if (open) state.begun.add(at);
  else state.begun.delete(at);
  for (const key of keysWritten(state.laidOut, at)) state.locked[key] = open ? 1 : 0;
}

function countReaders({ laidOut, left, leftOfInitial }: OrderState, at: number, by: number): void {
  const { readStart, readKey, readVersion } = laidOut;
  const end = readStart[at + 1] ?? 0;
  for (let each = readStart[at] ?? 0; each < end; each++) {
    const [key, version] = [readKey[each] ?? 0, readVersion[each] ?? initial];
    if (version === initial) leftOfInitial[key] = (leftOfInitial[key] ?? 0) + by;
    else left[version] = (left[version] ?? 0) + by;
  }
}

function countWaits({ laidOut, waits, hinted }: OrderState, at: number, by: number): void {
  count(laidOut.needs.later, waits, { at, by });
  count(laidOut.hints.later, hinted, { at, by });
}

function count(
  { start, rows }: Grouping,
  waits: Uint32Array,
  { at, by }: { readonly at: number; readonly by: number },
): void {
  const end = start[at + 1] ?? 0;
  for (let each = start[at] ?? 0; each < end; each++) {
    const after = rows[each] ?? 0;
    waits[after] = (waits[after] ?? 0) + by;
  }
}

function setVersion(state: OrderState, key: number, version: number): void {
  const steps = 2 * state.status.length;
  const before = state.current[key] ?? initial;
  if (before !== initial) stir(state, steps + before);
  if (version !== initial) stir(state, steps + version);
  state.current[key] = version;
}

function versionsOf({ problem }: LaidOut, at: number): Uint32Array {
  const { start, rows } = problem.accesses.writes.byWriter;
  return rows.subarray(start[at], start[at + 1]);
}

function keyOf({ problem }: LaidOut, version: number): number {
  return problem.accesses.registers.keyOf[version] ?? 0;
}

/**
 * Puts a fact into the hash, or takes it out again (Zobrist 1970): 96 bits, so that two of a billion
 * different states have the same hash with a probability of less than one in ten billion.
 */
function stir({ hash }: OrderState, fact: number): void {
  for (let lane = 0; lane < hash.length; lane++) {
    let mixed = Math.imul(fact ^ (lane * 0x9e3779b9), 0x85ebca6b) + lane;
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f);
    hash[lane] = (hash[lane] ?? 0) ^ mixed ^ (mixed >>> 15);
  }
}
