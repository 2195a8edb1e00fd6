import type { Operations } from '../operations.ts';

/**
 * The moments at which something is called, in ascending order, and infinity: enough to find out when a
 * collection can be empty, since going back in time from such a moment it stays so up to the last call.
 */
export function callsOf(operations: Operations): Float64Array {
  const calls = new Float64Array(operations.length + 1).fill(Infinity);
  calls.set(operations.calls);
  return calls.sort();
}

/** The place of the first number greater than the limit in an ascending list; its length if none. */
export function firstAfter(ascending: Float64Array, limit: number): number {
  let low = 0;
  for (let high = ascending.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same for the first number that is not less. */
export function firstFrom(ascending: Float64Array, limit: number): number {
  let low = 0;
  for (let high = ascending.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
