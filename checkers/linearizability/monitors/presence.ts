import type { Collection, Stays } from './collection.ts';
import { firstAfter, firstFrom } from './points.ts';

/**
 * How many values are certainly in a collection at each of some moments: those between the end of their
 * insertion and the beginning of their removal, both left out.
 */
export function coverage(moments: Float64Array, stays: Stays): Int32Array {
  const counts = new Int32Array(moments.length + 1);
  for (let row = 0; row < stays.size; row++) {
    const [from, to] = [stays.insertedTo[row] ?? 0, stays.removedFrom[row] ?? 0];
    if (from >= to) continue;
    const [first, end] = [firstAfter(moments, from), firstFrom(moments, to)];
    counts[first] = (counts[first] ?? 0) + 1;
    counts[end] = (counts[end] ?? 0) - 1;
  }
  let sum = 0;
  for (let at = 0; at < counts.length; at++) counts[at] = sum += counts[at] ?? 0;
  return counts.subarray(0, moments.length);
}

/** Tells the first moment from a given one at which no value is certainly there; infinity if none is. */
export type NextEmpty = (from: number) => number;

export function nextEmptyOf(moments: Float64Array, counts: Int32Array): NextEmpty {
  const next = new Float64Array(moments.length + 1).fill(Infinity);
  for (let at = moments.length - 1; at >= 0; at--) {
    next[at] = (counts[at] === 0 ? moments[at] : next[at + 1]) ?? Infinity;
  }
  return (from) => next[firstFrom(moments, from)] ?? Infinity;
}

/** The removals that found nothing though something was there all the while. */
export function wrongEmpties(
  { operations, empties }: Collection,
  nextEmpty: NextEmpty,
): readonly number[] {
  return empties.filter((at) => {
    return nextEmpty(operations.calls[at] ?? 0) > (operations.returns[at] ?? 0);
  });
}
