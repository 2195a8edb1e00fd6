import { createMarks } from './marks.ts';
import { initial } from './registers.ts';
import type { Accesses } from './weak-order.ts';

/**
 * Visits each key that a transaction read or wrote, once, with the version that it met or made first and
 * the one that it left or saw last.
 */
export type AccessReader = (
  transaction: number,
  visit: (key: number, first: number, last: number) => void,
) => void;

export function createAccessReader({ registers, reads, writes }: Accesses): AccessReader {
  const met = createMarks(registers.transactions.keys.length);
  return (transaction, visit) => {
    met.clear();
    const end = reads.start[transaction + 1] ?? 0;
    for (let each = reads.start[transaction] ?? 0; each < end; each++) {
      const key = reads.key[each] ?? 0;
      const version = reads.version[each] ?? initial;
      if (met.has(key)) continue;
      met.set(key, 1);
      visit(key, version, writes.find(transaction, key) ?? version);
    }
    const until = writes.byWriter.start[transaction + 1] ?? 0;
    for (let each = writes.byWriter.start[transaction] ?? 0; each < until; each++) {
      const version = writes.byWriter.rows[each] ?? 0;
      const key = registers.keyOf[version] ?? 0;
      if (!met.has(key)) visit(key, version, version);
    }
  };
}

/** Visits each key that a transaction read and then left another version of. */
export function forEachUpdate(
  accesses: Accesses,
  visit: (transaction: number, key: number, versions: { before: number; after: number }) => void,
): void {
  const { registers, writes } = accesses;
  const accessesOf = createAccessReader(accesses);
  for (let at = 0; at < registers.transactions.count; at++) {
    if (writes.byWriter.start[at] === writes.byWriter.start[at + 1]) continue;
    accessesOf(at, (key, before, after) => {
      if (before !== after) visit(at, key, { before, after });
    });
  }
}
