import { momentsOf } from './order-edges.ts';
import { createAccessReader } from './register-access.ts';
import { initial } from './registers.ts';
import type { VersionEdgesBuilder } from './version-edges.ts';
import type { Accesses } from './weak-order.ts';

/** What a transaction under way has to do with a key. */
interface Access {
  readonly key: number;
  /** The version that it left or saw last. */
  readonly last: number;
  /** The versions that were known when it began. */
  readonly known: readonly number[];
}

/**
 * For each key, the versions that transactions knew which were over come before what those meet that begin
 * later. A version that was known when somebody began counts no more once that one is over, since what it
 * left is behind it: so no more are kept than there are transactions at a time.
 */
export function orderByTime(accesses: Accesses, edges: VersionEdgesBuilder): void {
  const { transactions } = accesses.registers;
  const accessesOf = createAccessReader(accesses);
  const known: (readonly number[])[] = [];
  const open = new Map<number, readonly Access[]>();
  for (const { at, isReturn } of momentsOf(transactions)) {
    if (isReturn) {
      for (const access of open.get(at) ?? []) known[access.key] = knownAfter(known, access);
      open.delete(at);
      continue;
    }
    const own: Access[] = [];
    accessesOf(at, (key, first, last) => {
      const earlier = known[key] ?? [];
      for (const before of earlier) {
        if (before === first || first === initial) continue;
        edges.add({ before, after: first, reason: 'realtime', witness: at });
      }
      own.push({ key, last, known: earlier });
    });
    open.set(at, own);
  }
}

function knownAfter(all: readonly (readonly number[])[], { key, last, known }: Access) {
  const left = (all[key] ?? []).filter((version) => version !== last && !known.includes(version));
  if (last !== initial) left.push(last);
  return left;
}
