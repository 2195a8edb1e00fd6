/** The moments after `from` and before `to` at which a value is certainly in the queue. */
export interface Stay {
  readonly from: number;
  /** Infinity if nobody is known to have dequeued the value. */
  readonly to: number;
  /** Then, until when a dequeue of unknown result must have taken it; Infinity if none has to. */
  readonly takeBy: number;
}

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
  stays: readonly Stay[],
  takers: readonly number[],
): ((from: number) => number) | null {
  const occupied = occupiedAt(moments, stays);
  const open = stays.filter(({ to }) => to === Infinity);
  open.sort((one, other) => other.from - one.from);
  const pool = takerPool(takers);
  const nextEmpty = new Float64Array(moments.length + 1).fill(Infinity);
  let later = 0;
  for (let at = moments.length - 1; at >= 0; at--) {
    const moment = moments[at] ?? 0;
    pool.goBackTo(moment);
    for (; (open[later]?.from ?? -Infinity) >= moment; later++) {
      const takeBy = open[later]?.takeBy ?? Infinity;
      if (takeBy !== Infinity && !pool.take(takeBy)) return null;
    }
    const canBeEmpty = occupied[at] === 0 && open.length - later <= pool.left;
    nextEmpty[at] = canBeEmpty ? moment : (nextEmpty[at + 1] ?? Infinity);
  }
  return (from) => nextEmpty[firstFrom(moments, from)] ?? Infinity;
}

/** How many values that were later dequeued certainly stay at each moment. */
function occupiedAt(moments: Float64Array, stays: readonly Stay[]): Int32Array {
  const occupied = new Int32Array(moments.length + 1);
  for (const { from, to } of stays) {
    if (to === Infinity) continue;
    const [first, end] = [firstAfter(moments, from), firstFrom(moments, to)];
    occupied[first] = (occupied[first] ?? 0) + 1;
    occupied[end] = (occupied[end] ?? 0) - 1;
  }
  let sum = 0;
  for (const [at, change] of occupied.entries()) occupied[at] = sum += change;
  return occupied;
}

interface TakerPool {
  /** Free takers called up to the present moment. */
  readonly left: number;
  goBackTo(moment: number): void;
  /** Uses the latest free taker called up to then; false when there is none. */
  take(upTo: number): boolean;
}

function takerPool(takers: readonly number[]): TakerPool {
  const calls = Float64Array.from(takers).sort();
  // From each taker the way to the latest free one up to it; 0 is the end, taker i is at i + 1.
  const latestFree = Int32Array.from({ length: calls.length + 1 }, (_, at) => at);
  let present = calls.length;
  let left = calls.length;
  return {
    get left() {
      return left;
    },
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
function firstFrom(ascending: Float64Array, limit: number): number {
  let low = 0;
  for (let high = ascending.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
