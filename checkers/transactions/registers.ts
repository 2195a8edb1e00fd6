import type { History } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { sameValue, valueKey, wordsOf } from '../models/value.ts';
import type { Work } from '../work.ts';
import { naturals } from './column.ts';
import { nameOf } from './list-words.ts';
import { type Transactions, micro, outcome, readTransactions } from './transaction.ts';

/** Stands for the initial value of any key where a version is expected. */
export const initial = -1;

/** Stands for nobody where a transaction is expected. */
export const nobody = -1;

/**
 * Transactions on registers in which every value is written once for a key, so that a value names its
 * write. A *version* is a value of a key, whether written or only read.
 */
export interface Registers {
  /** Its `microValue` is a version, or `initial`. */
  readonly transactions: Transactions;
  /** For each version: its key, an index into the transactions' `keys`. */
  readonly keyOf: Uint32Array;
  /** What was written or read; of `initial`, the value that all keys have at first. */
  readonly valueOf: (version: number) => Json;
  /** For each version: who wrote it, `nobody` when it was only read. Failed transactions count. */
  readonly writer: Int32Array;
  /** For each version: 1 when its writer wrote that key no more after it. */
  readonly isLast: Uint8Array;
  /** Why nothing can be concluded. Null when all was understood and every value is written once. */
  readonly problem: string | null;
}

/** Reads the `txn` operations of a history, of `["r", key, value]` and `["w", key, value]`. */
export function* readRegisters(history: History, init: Json = null): Work<Registers> {
  const versions = createVersions(init);
  const rewritten: Json[] = [];
  const transactions = yield* readTransactions(history, {
    allowed: ['r', 'w'],
    read: (key, value) => (sameValue(value, init) ? initial : versions.of(key, value)),
    written(key, value) {
      if (sameValue(value, init)) rewritten.push(key);
      return versions.of(key, value);
    },
  });
  const { writer, isLast, twice } = findWriters(transactions, versions.count());
  const keyOf = versions.keys();
  const doubt =
    rewritten.length > 0
      ? `${wordsOf(init)}, which is the initial value, written`
      : twice === null
        ? null
        : `${wordsOf(versions.valueOf(twice))} written twice to ${nameOf(transactions.keys[keyOf[twice] ?? 0] ?? null)}`;
  const expectation = 'expected each value to be written once to a key';
  const problem =
    transactions.problem ??
    (doubt === null ? null : `${expectation}, got ${doubt}: reads do not say whose write they saw`);
  return { transactions, keyOf, valueOf: versions.valueOf, writer, isLast, problem };
}

/** Numbers the values of each key in order of appearance. */
function createVersions(init: Json): {
  readonly of: (key: number, value: Json) => number;
  readonly count: () => number;
  readonly keys: () => Uint32Array;
  readonly valueOf: (version: number) => Json;
} {
  const numbers: Map<string | number, number>[] = [];
  const keys = naturals();
  const values: Json[] = [];
  return {
    of(key, value) {
      const own = (numbers[key] ??= new Map());
      const text = valueKey(value);
      const known = own.get(text);
      if (known !== undefined) return known;
      const version = values.push(value) - 1;
      keys.push(key);
      own.set(text, version);
      return version;
    },
    count: () => values.length,
    keys: keys.values,
    valueOf: (version) => (version === initial ? init : (values[version] ?? null)),
  };
}

interface Writers extends Pick<Registers, 'writer' | 'isLast'> {
  /** A version that was written more than once. */
  readonly twice: number | null;
}

/** A failed write may be tried again by another transaction: then the value is the other's. */
function findWriters(transactions: Transactions, versions: number): Writers {
  const { count, microStart, microEnd, microKind, microKey, microValue, keys } = transactions;
  const writer = new Int32Array(versions).fill(nobody);
  const isLast = new Uint8Array(versions);
  const lastOf = new Int32Array(keys.length).fill(initial);
  let twice: number | null = null;
  const failed = (at: number): boolean => transactions.outcome[at] === outcome.fail;
  for (let at = 0; at < count; at++) {
    const [start, end] = [microStart[at] ?? 0, microEnd[at] ?? 0];
    for (let each = start; each < end; each++) {
      if (microKind[each] !== micro.write) continue;
      const version = microValue[each] ?? 0;
      const key = microKey[each] ?? 0;
      const known = writer[version] ?? nobody;
      if (known !== nobody && failed(at)) continue;
      if (known !== nobody && !failed(known)) twice ??= version;
      const before = lastOf[key] ?? initial;
      if (writer[before] === at) isLast[before] = 0;
      writer[version] = at;
      isLast[version] = 1;
      lastOf[key] = version;
    }
  }
  return { writer, isLast, twice };
}
