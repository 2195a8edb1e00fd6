import type { Stays } from './collection.ts';
import { orderOf } from './order.ts';
import { firstAfter } from './points.ts';
import { type NextEmpty, coverage, nextEmptyOf } from './presence.ts';

/**
 * Tells the first moment from a given one at which the queue can be empty, Infinity if there is none;
 * or returns null when the dequeues of unknown result cannot have taken all that must have been taken.
 * It looks only at moments when something is called, in ascending order: going back in time from one at
 * which the queue can be empty, it stays so up to there.
 *
 * A dequeue of unknown result (a *taker*) may have taken one value that nobody else did, at any time
 * after its call. A value that is taken precedes nothing by its dequeue, so values do not get into each
 * other's way; each only needs some taker called by a deadline. The deadline of a value is its `takeBy`
 * or, if sooner, the first moment chosen for an empty queue at which it would stay. By Hall's theorem
 * there are takers for all exactly when for every s no more values have a deadline up to s than takers
 * were called up to s. Of several chosen moments only the last one up to s counts in that, since the
 * values staying there include those staying at earlier ones: so each moment can be judged alone. At t,
 * let every value that comes after t choose the latest free taker called by its `takeBy`. (Whatever
 * order they choose in, the same takers are left.) Then there must be a taker called up to t left for
 * each value that came before t.
 */
export function emptyMoments(
  moments: Float64Array,
  stays: Stays,
  { takers, takeBy }: { takers: Float64Array; takeBy: Float64Array },
): NextEmpty | null {
  const removed = stays.removedFrom.map((from) => (from === Infinity ? -Infinity : from));
  const counts = coverage(moments, { ...stays, removedFrom: removed });
  const open = openRows(stays);
  const pool = takerPool(takers);
  let later = 0;
  for (let at = moments.length - 1; at >= 0; at--) {
    const moment = moments[at] ?? 0;
    pool.goBackTo(moment);
    for (; later < open.length; later++) {
      const row = open[later] ?? 0;
      if ((stays.insertedTo[row] ?? 0) < moment) break;
      const limit = takeBy[row] ?? Infinity;
      if (limit !== Infinity && !pool.take(limit)) return null;
    }
    // More values that came before than there are takers left: some stays.
    if (open.length - later > pool.left()) counts[at] = (counts[at] ?? 0) + 1;
  }
  return nextEmptyOf(moments, counts);
}

/** Values that nobody is known to have removed, the last that came first. */
function openRows({ size, insertedTo, removedFrom }: Stays): Uint32Array {
  const byEnd = orderOf(insertedTo.subarray(0, size));
  return byEnd.filter((row) => removedFrom[row] === Infinity).reverse();
}

interface TakerPool {
  /** Free takers called up to the present moment. */
  left(): number;
  goBackTo(moment: number): void;
  /** Uses the latest free taker called up to then; false when there is none. */
  take(upTo: number): boolean;
}

function takerPool(calls: Float64Array): TakerPool {
  // From each taker the way to the latest free one up to it; 0 is the end, taker i is at i + 1.
  const latestFree = Int32Array.from({ length: calls.length + 1 }, (_, at) => at);
  let present = calls.length;
  let left = calls.length;
  return {
    left: () => left,
    goBackTo(moment) {
      for (; present > 0 && (calls[present - 1] ?? 0) > moment; present--) {
        if (latestFree[present] === present) left--;
      }
    },
    take(upTo) {
      let at = firstAfter(calls, upTo);
      for (let up = latestFree[at] ?? 0; up !== at; up = latestFree[at] ?? 0) {
        latestFree[at] = latestFree[up] ?? 0;
        at = up;
      }
      if (at === 0) return false;
      latestFree[at] = at - 1;
      if (at <= present) left--;
      return true;
    },
  };
}
