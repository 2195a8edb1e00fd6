import type { Operations } from '../operations.ts';
import { orderOf } from './order.ts';

/** What to do at the calls and returns of a history. */
export interface Visitor {
  called(operation: number): void;
  /** Returns false when the operation cannot have happened as it says. */
  returned(operation: number): boolean;
}

/** Goes through a history in order of time, calls before returns at the same moment. */
export interface Sweep {
  /** Goes on past the next return; null after the last, false if it cannot be passed. */
  next(): boolean | null;
  /** The operation whose return is next; null after the last. */
  upcoming(): number | null;
}

/** The operations must be in the order of their calls; `returns` is what `returnsOf` gives. */
export function createSweep(
  operations: Operations,
  visitor: Visitor,
  returns: Uint32Array = returnsOf(operations),
): Sweep {
  let passed = 0;
  let called = 0;
  return {
    upcoming: () => returns[passed] ?? null,
    next() {
      const at = returns[passed];
      if (at === undefined) return null;
      const returnedAt = operations.returns[at] as number;
      for (; called < operations.length; called++) {
        if ((operations.calls[called] as number) > returnedAt) break;
        visitor.called(called);
      }
      if (!visitor.returned(at)) return false;
      passed++;
      return true;
    },
  };
}

/** The operation whose return cannot be passed; null when all can. */
export function firstImpossible(
  operations: Operations,
  visitor: Visitor,
  returns: Uint32Array = returnsOf(operations),
): number | null {
  const sweep = createSweep(operations, visitor, returns);
  for (;;) {
    const passed = sweep.next();
    if (passed !== true) return passed === null ? null : sweep.upcoming();
  }
}

/** The operations that returned, the first first; of those that did so at one moment, the first called. */
export function returnsOf(operations: Operations): Uint32Array {
  const { returns } = operations;
  const order = orderOf(returns);
  // What never returned comes last.
  let count = order.length;
  while (count > 0 && returns[order[count - 1] as number] === Infinity) count--;
  return order.subarray(0, count);
}
