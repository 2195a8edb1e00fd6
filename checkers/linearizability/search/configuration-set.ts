import { doneField, grown, stateField, strideOf, usedField } from './configuration.ts';
import type { Ground } from './ground.ts';
import type { Window } from './window.ts';

/**
 * Configurations without those that another one *dominates*: whatever the dominated one could be
 * continued with, the other one could too, so it need not be looked at. One dominates another of the
 * same level and state when
 * - it has all reads done that the other has done: they only remove obligations,
 * - the same updates are done: one that is not may still be needed or still be wanted,
 * - each blind operation is at least as well off, where droppable is better than both done and not
 *   done, because it may still happen and need not, and the two others cannot be compared,
 * - and it has used no crashed operation that the other has not.
 */
export interface ConfigurationSet {
  readonly count: number;
  readonly rows: Int32Array;
  readonly bytes: number;
  /** Adds a configuration of a level, at which the window must be; false when it is not needed. */
  offer(row: Int32Array, at: number, level: number): boolean;
  /** Whether a later one dominates this one. */
  isDominated(index: number): boolean;
  clear(): void;
}

/** Comparisons made for each configuration offered, at most. Missing some only costs time later. */
const mostComparisons = 160;
const comparisonsOfStep = 8;
const firstCapacity = 16;

export function createConfigurationSet(
  { usedSets, work }: Ground,
  window: Window,
): ConfigurationSet {
  const { words, reads, blinds, updates } = window;
  const stride = strideOf(words);
  const droppableField = doneField + words;
  let levels = new Int32Array(firstCapacity);
  let groupHashes = new Int32Array(firstCapacity);
  /** The next one of the same group, and -1 at the end; -2 - that for one that is dominated. */
  let following = new Int32Array(firstCapacity);
  /** Open addressing: `forgotten` + index + 1; whatever is not above `forgotten` is free. */
  let exact = new Int32Array(4 * firstCapacity);
  let groups = new Int32Array(4 * firstCapacity);
  let forgotten = 0;

  const self = {
    count: 0,
    rows: new Int32Array(firstCapacity * stride),
    get bytes() {
      return 4 * (self.rows.length + levels.length * 3 + exact.length * 2);
    },
    offer(row: Int32Array, at: number, level: number): boolean {
      work.steps++;
      const { rows } = self;
      const mask = exact.length - 1;
      let place = exactHash(row, at, level) & mask;
      for (; (exact[place] as number) > forgotten; place = (place + 1) & mask) {
        const index = (exact[place] as number) - forgotten - 1;
        if (levels[index] === level && isSame(rows, index * stride, row, at)) return false;
      }
      const hash = groupHash(row, at, level);
      let head = hash & mask;
      let first = -1;
      for (; (groups[head] as number) > forgotten; head = (head + 1) & mask) {
        const index = (groups[head] as number) - forgotten - 1;
        if (levels[index] === level && isSameGroup(rows, index * stride, row, at)) {
          first = index;
          break;
        }
      }
      if (first >= 0) {
        first = compare(first, row, at);
        if (first === refused) return false;
      }
      const index = append(row, at, level);
      following[index] = first;
      groupHashes[index] = hash;
      exact[place] = forgotten + index + 1;
      groups[head] = forgotten + index + 1;
      if (2 * self.count > exact.length) rehash();
      return true;
    },
    isDominated: (index: number) => (following[index] as number) <= dominated,
    clear(): void {
      forgotten += self.count;
      self.count = 0;
      if (forgotten < 0x40000000) return;
      forgotten = 0;
      exact.fill(0);
      groups.fill(0);
    },
  };
  return self;

  /** Goes through a group; gives what is its first one now, `none`, or `refused`. */
  function compare(first: number, row: Int32Array, at: number): number {
    const { rows } = self;
    let head = first;
    let before = -1;
    let comparisons = 0;
    for (let index = first; index >= 0 && comparisons < mostComparisons; comparisons++) {
      const next = following[index] as number;
      if (dominates(rows, index * stride, row, at)) {
        work.steps += (comparisons / comparisonsOfStep) | 0;
        return refused;
      }
      if (dominates(row, at, rows, index * stride)) {
        if (before < 0) head = next;
        else following[before] = next;
        following[index] = dominated - 1 - next;
      } else before = index;
      index = next;
    }
    work.steps += (comparisons / comparisonsOfStep) | 0;
    return head;
  }

  function dominates(one: Int32Array, from: number, other: Int32Array, to: number): boolean {
    for (let word = 0; word < words; word++) {
      const done = one[from + doneField + word] as number;
      const droppable = one[from + droppableField + word] as number;
      const otherDone = other[to + doneField + word] as number;
      const blind = blinds[word] as number;
      if ((otherDone & (reads[word] as number) & ~done) !== 0) return false;
      if ((otherDone & blind & ~(done | droppable)) !== 0) return false;
      if ((done & blind & ~otherDone) !== 0) return false;
      if (((other[to + droppableField + word] as number) & ~droppable) !== 0) return false;
    }
    return usedSets.within(one[from + usedField] as number, other[to + usedField] as number);
  }

  function isSame(one: Int32Array, from: number, other: Int32Array, to: number): boolean {
    for (let field = 0; field < stride; field++) {
      if (one[from + field] !== other[to + field]) return false;
    }
    return true;
  }

  function isSameGroup(one: Int32Array, from: number, other: Int32Array, to: number): boolean {
    if (one[from + stateField] !== other[to + stateField]) return false;
    for (let word = 0; word < words; word++) {
      const different =
        (one[from + doneField + word] as number) ^ (other[to + doneField + word] as number);
      if ((different & (updates[word] as number)) !== 0) return false;
    }
    return true;
  }

  function exactHash(row: Int32Array, at: number, level: number): number {
    let hash = level;
    for (let field = 0; field < stride; field++) hash = mixed(hash, row[at + field] as number);
    return finished(hash);
  }

  function groupHash(row: Int32Array, at: number, level: number): number {
    let hash = mixed(level, row[at + stateField] as number);
    for (let word = 0; word < words; word++) {
      hash = mixed(hash, (row[at + doneField + word] as number) & (updates[word] as number));
    }
    return finished(hash);
  }

  function append(row: Int32Array, at: number, level: number): number {
    const index = self.count++;
    if (index >= levels.length) {
      levels = grown(levels, index + 1);
      following = grown(following, index + 1);
      groupHashes = grown(groupHashes, index + 1);
      self.rows = grown(self.rows, levels.length * stride);
    }
    levels[index] = level;
    const { rows } = self;
    const start = index * stride;
    for (let field = 0; field < stride; field++) rows[start + field] = row[at + field] as number;
    return index;
  }

  function rehash(): void {
    const heads = groups.filter((entry) => entry > forgotten);
    exact = new Int32Array(2 * exact.length);
    groups = new Int32Array(exact.length);
    const mask = exact.length - 1;
    for (let index = 0; index < self.count; index++) {
      let place = exactHash(self.rows, index * stride, levels[index] as number) & mask;
      while (exact[place] !== 0) place = (place + 1) & mask;
      exact[place] = forgotten + index + 1;
    }
    for (const entry of heads) {
      let place = (groupHashes[entry - forgotten - 1] as number) & mask;
      while (groups[place] !== 0) place = (place + 1) & mask;
      groups[place] = entry;
    }
  }
}

/** In `following`: at or below this, one that is dominated. */
const dominated = -2;
const refused = -9;

function mixed(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function finished(hash: number): number {
  const product = Math.imul(hash, 0x85ebca6b);
  return product ^ (product >>> 13);
}
