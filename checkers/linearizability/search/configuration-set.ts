import { grown, strideOf } from './configuration.ts';
import { type Dominance, createDominance } from './dominance.ts';
import type { Ground, Work } from './ground.ts';
import { type RowKeys, createRowKeys } from './row-keys.ts';
import type { Window } from './window.ts';

/** Configurations without those that are there already and those that another one dominates. */
export interface ConfigurationSet {
  /** Rows so far, among them some that a later one dominates. */
  count(): number;
  rows(): Int32Array;
  bytes(): number;
  /** Adds a configuration of a level, at which the window must be; false when it is not needed. */
  offer(row: Int32Array, at: number, level: number): boolean;
  isDominated(index: number): boolean;
  clear(): void;
}

/** Comparisons made for each configuration offered, at most. Missing some only costs time later. */
const mostComparisons = 160;
const comparisonsOfStep = 8;
const firstCapacity = 16;

/** In `following`: at or below this, one that is dominated. */
const dominated = -2;
/** Instead of the first of a group: one of them dominates what is offered. */
const refused = -9;

interface Table {
  readonly keys: RowKeys;
  readonly dominates: Dominance;
  readonly work: Work;
  readonly stride: number;
  count: number;
  rows: Int32Array;
  levels: Int32Array;
  groupHashes: Int32Array;
  /** The next one of the same group, -1 at the end, and `dominated` or less for one that is. */
  following: Int32Array;
  /**
   * Open addressing by hash, and by that of the group for the first ones of the groups. An entry is an
   * index, plus one, plus `forgotten`; whatever is not above `forgotten` is free.
   */
  exact: Int32Array;
  groups: Int32Array;
  forgotten: number;
}

export function createConfigurationSet(
  { usedSets, work }: Ground,
  window: Window,
): ConfigurationSet {
  const stride = strideOf(window.words);
  const table: Table = {
    keys: createRowKeys(window),
    dominates: createDominance(window, usedSets),
    work,
    stride,
    count: 0,
    rows: new Int32Array(firstCapacity * stride),
    levels: new Int32Array(firstCapacity),
    groupHashes: new Int32Array(firstCapacity),
    following: new Int32Array(firstCapacity),
    exact: new Int32Array(4 * firstCapacity),
    groups: new Int32Array(4 * firstCapacity),
    forgotten: 0,
  };
  return {
    count: () => table.count,
    rows: () => table.rows,
    bytes: () => 4 * (table.rows.length + 3 * table.levels.length + 2 * table.exact.length),
    offer: (row, at, level) => offer(table, row, at, level),
    isDominated: (index) => (table.following[index] as number) <= dominated,
    clear: () => clear(table),
  };
}

function offer(table: Table, row: Int32Array, at: number, level: number): boolean {
  table.work.steps++;
  const { keys, exact, groups, forgotten, levels, rows, stride } = table;
  const mask = exact.length - 1;
  let place = keys.hash(row, at, level) & mask;
  for (; (exact[place] as number) > forgotten; place = (place + 1) & mask) {
    const index = (exact[place] as number) - forgotten - 1;
    if (levels[index] === level && keys.isSame(rows, index * stride, row, at)) return false;
  }
  const hash = keys.groupHash(row, at, level);
  let head = hash & mask;
  let first = -1;
  for (; (groups[head] as number) > forgotten; head = (head + 1) & mask) {
    const index = (groups[head] as number) - forgotten - 1;
    if (levels[index] !== level || !keys.isSameGroup(rows, index * stride, row, at)) continue;
    first = compare(table, index, row, at);
    if (first === refused) return false;
    break;
  }
  const index = append(table, row, at);
  table.levels[index] = level;
  table.groupHashes[index] = hash;
  table.following[index] = first;
  exact[place] = forgotten + index + 1;
  groups[head] = forgotten + index + 1;
  if (2 * table.count > exact.length) rehash(table);
  return true;
}

/** Goes through a group and takes out what is dominated; gives its first one, -1, or `refused`. */
function compare(table: Table, first: number, row: Int32Array, at: number): number {
  const { rows, following, stride, dominates, work } = table;
  let head = first;
  let before = -1;
  let comparisons = 0;
  for (let index = first; index >= 0 && comparisons < mostComparisons; comparisons++) {
    const next = following[index] as number;
    if (dominates(rows, index * stride, row, at)) {
      head = refused;
      break;
    }
    if (dominates(row, at, rows, index * stride)) {
      if (before < 0) head = next;
      else following[before] = next;
      following[index] = dominated;
    } else before = index;
    index = next;
  }
  work.steps += (comparisons / comparisonsOfStep) | 0;
  return head;
}

function append(table: Table, row: Int32Array, at: number): number {
  const { stride } = table;
  const index = table.count++;
  if (index >= table.levels.length) {
    table.levels = grown(table.levels, index + 1);
    table.groupHashes = grown(table.groupHashes, index + 1);
    table.following = grown(table.following, index + 1);
    table.rows = grown(table.rows, table.levels.length * stride);
  }
  const { rows } = table;
  const start = index * stride;
  for (let field = 0; field < stride; field++) rows[start + field] = row[at + field] as number;
  return index;
}

function rehash(table: Table): void {
  const { keys, rows, levels, stride, forgotten, groupHashes } = table;
  const heads = table.groups.filter((entry) => entry > forgotten);
  const exact = new Int32Array(2 * table.exact.length);
  const groups = new Int32Array(exact.length);
  const mask = exact.length - 1;
  for (let index = 0; index < table.count; index++) {
    let place = keys.hash(rows, index * stride, levels[index] as number) & mask;
    while (exact[place] !== 0) place = (place + 1) & mask;
    exact[place] = forgotten + index + 1;
  }
  for (const entry of heads) {
    let place = (groupHashes[entry - forgotten - 1] as number) & mask;
    while (groups[place] !== 0) place = (place + 1) & mask;
    groups[place] = entry;
  }
  table.exact = exact;
  table.groups = groups;
}

/** What stands in the tables is not above `forgotten` any more, so they need no cleaning. */
function clear(table: Table): void {
  table.forgotten += table.count;
  table.count = 0;
  if (table.forgotten < 0x40000000) return;
  table.forgotten = 0;
  table.exact.fill(0);
  table.groups.fill(0);
}
