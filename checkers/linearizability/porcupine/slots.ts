import type { Operations } from '../operations.ts';

/** Who returns when, and which bit stands for whom while it is open. */
export interface Slots {
  /** Operations in the order of their returns; those that never return are not among them. */
  readonly byReturn: Int32Array;
  /** The bit of each operation. */
  readonly slotOf: Int32Array;
  /** 32-bit words that hold all bits. */
  readonly words: number;
}

/**
 * Gives every operation a bit of its own for as long as it is open; a bit is used again after a return.
 * So a set of operations needs as many bits as there are clients and crashed operations, however long
 * the history is.
 *
 * This says as much as Porcupine's bit for every operation. At any point of the search let r be the
 * first return that is not linearized. All operations that returned before r are linearized, since
 * their returns came first, and all called after r are not, since the search never goes past r. What
 * remains are those open at r, and they have different bits. So two sets are equal exactly when r and
 * the bits of the operations open at r are.
 */
export function slotsOf(operations: Operations): Slots {
  const byCall = indexes(operations).sort((one, other) => called(one) - called(other));
  const byReturn = indexes(operations)
    .filter((at) => returned(at) !== Infinity)
    .sort((one, other) => returned(one) - returned(other) || one - other);

  const slotOf = new Int32Array(operations.length);
  const free: number[] = [];
  let slots = 0;
  let returns = 0;
  for (const at of byCall) {
    for (; returns < byReturn.length; returns++) {
      const done = byReturn[returns] ?? 0;
      if (returned(done) >= called(at)) break;
      free.push(slotOf[done] ?? 0);
    }
    slotOf[at] = free.pop() ?? slots++;
  }
  return { byReturn: Int32Array.from(byReturn), slotOf, words: Math.max(1, (slots + 31) >> 5) };

  function called(at: number): number {
    return operations.calls[at] ?? 0;
  }
  function returned(at: number): number {
    return operations.returns[at] ?? 0;
  }
}

function indexes({ length }: Operations): number[] {
  return Array.from({ length }, (_, at) => at);
}
