import { type Grouping, below, grouped } from './grouping.ts';
import { type Registers, nobody } from './registers.ts';
import { outcome } from './transaction.ts';

/** What transactions left behind: the last version that each wrote of each key. Failed ones left none. */
export interface LastWrites {
  /** Versions by transaction, in ascending order of their keys. */
  readonly byWriter: Grouping;
  /** Versions by key, in order of their writers' calls. */
  readonly byKey: Grouping;
  /** The version of the key that the transaction left behind, or null; logarithmic in its writes. */
  readonly find: (transaction: number, key: number) => number | null;
}

export function lastWrites(registers: Registers): LastWrites {
  const { transactions, keyOf, writer, isLast } = registers;
  const { count, keys } = transactions;
  const inOrder = grouped(
    below(writer.length),
    (version) => {
      const by = writer[version] ?? nobody;
      const left = isLast[version] === 1 && transactions.outcome[by] !== outcome.fail;
      return left ? by : -1;
    },
    count,
  );
  const byKey = grouped(inOrder.rows, (version) => keyOf[version] ?? 0, keys.length);
  const byWriter = grouped(byKey.rows, (version) => writer[version] ?? 0, count);
  return { byWriter, byKey, find: (at, key) => findKey(byWriter, keyOf, { at, key }) };
}

function findKey(
  { start, rows }: Grouping,
  keyOf: Uint32Array,
  { at, key }: { readonly at: number; readonly key: number },
): number | null {
  let low = start[at] ?? 0;
  let high = start[at + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    const version = rows[middle] ?? 0;
    const its = keyOf[version] ?? 0;
    if (its === key) return version;
    if (its < key) low = middle + 1;
    else high = middle;
  }
  return null;
}
