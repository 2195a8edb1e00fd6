import { doneField, stateField, strideOf } from './configuration.ts';
import type { Window } from './window.ts';

/**
 * Hashes and comparisons of rows. Those that may dominate one another are of one *group*: they have the
 * same level and state, and the same updates done.
 */
export interface RowKeys {
  isSame(one: Int32Array, from: number, other: Int32Array, to: number): boolean;
  isSameGroup(one: Int32Array, from: number, other: Int32Array, to: number): boolean;
  hash(row: Int32Array, at: number, level: number): number;
  groupHash(row: Int32Array, at: number, level: number): number;
}

export function createRowKeys({ words, updates }: Window): RowKeys {
  const stride = strideOf(words);
  return {
    isSame(one, from, other, to) {
      for (let field = 0; field < stride; field++) {
        if (one[from + field] !== other[to + field]) return false;
      }
      return true;
    },
    isSameGroup(one, from, other, to) {
      if (one[from + stateField] !== other[to + stateField]) return false;
      for (let word = doneField; word < doneField + words; word++) {
        const different = (one[from + word] as number) ^ (other[to + word] as number);
        if ((different & (updates[word - doneField] as number)) !== 0) return false;
      }
      return true;
    },
    hash(row, at, level) {
      let hash = level;
      for (let field = 0; field < stride; field++) hash = mixed(hash, row[at + field] as number);
      return finished(hash);
    },
    groupHash(row, at, level) {
      let hash = mixed(level, row[at + stateField] as number);
      for (let word = 0; word < words; word++) {
        const done = row[at + doneField + word] as number;
        hash = mixed(hash, done & (updates[word] as number));
      }
      return finished(hash);
    },
  };
}

function mixed(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function finished(hash: number): number {
  const product = Math.imul(hash, 0x85ebca6b);
  return product ^ (product >>> 13);
}
