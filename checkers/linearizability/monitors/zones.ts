import type { Operations } from '../operations.ts';
import { orderOf } from './order.ts';
import { firstFrom } from './points.ts';

/** The zones of a register's chains, as `unique-register.ts` explains them, built one after the other. */
export interface Zones {
  /** Begins a zone; that of the initial value was begun before everything. */
  begin(isInitial: boolean): void;
  /**
   * Adds operations that come after all in the zone so far, given by the one that returned first and the
   * one that was called last; false when one returned before something in the zone was called.
   */
  add(firstReturned: number, lastCalled: number): boolean;
  /** When the last operation of the present zone returned, as far as it was added. */
  end(): number;
  count(): number;
  readonly firstReturns: Float64Array;
  readonly lastCalls: Float64Array;
  /** When the operations that were called last returned. */
  readonly ends: Float64Array;
}

export function createZones({ length, calls, returns }: Operations): Zones {
  // Each has an operation of its own, but for that of the initial value.
  const most = length + 1;
  const firstReturns = new Float64Array(most);
  const lastCalls = new Float64Array(most);
  const ends = new Float64Array(most);
  let at = -1;
  return {
    firstReturns,
    lastCalls,
    ends,
    count: () => at + 1,
    begin(isInitial) {
      at++;
      // No operation returned before the first was called.
      firstReturns[at] = isInitial ? (calls[0] ?? 0) - 1 : Infinity;
      lastCalls[at] = -Infinity;
      ends[at] = -Infinity;
    },
    add(firstReturned, lastCalled) {
      const firstReturn = returns[firstReturned] as number;
      const lastCall = calls[lastCalled] as number;
      if (firstReturn < (lastCalls[at] ?? 0)) {
        ends[at] = Math.max(ends[at] ?? 0, firstReturn);
        return false;
      }
      firstReturns[at] = Math.min(firstReturns[at] ?? 0, firstReturn);
      if (lastCall <= (lastCalls[at] ?? 0)) return true;
      lastCalls[at] = lastCall;
      ends[at] = returns[lastCalled] as number;
      return true;
    },
    end: () => ends[at] ?? 0,
  };
}

/** Null when forward zones are apart and no backward zone lies within one; else about when that ends. */
export function clashOf(zones: Zones): number | null {
  const { firstReturns, lastCalls, ends } = zones;
  const count = zones.count();
  const byReturn = orderOf(firstReturns.subarray(0, count));
  const isForward = (zone: number): boolean => (firstReturns[zone] ?? 0) < (lastCalls[zone] ?? 0);
  const forward = byReturn.filter(isForward);
  for (let place = 1; place < forward.length; place++) {
    const [before = 0, zone = 0] = [forward[place - 1], forward[place]];
    if ((firstReturns[zone] ?? 0) < (lastCalls[before] ?? 0)) return endOf(before, zone);
  }
  const starts = Float64Array.from(forward, (zone) => firstReturns[zone] ?? 0);
  for (let zone = 0; zone < count; zone++) {
    if (isForward(zone)) continue;
    // The last forward zone that begins before the backward one can happen for the last time.
    const place = firstFrom(starts, lastCalls[zone] ?? 0) - 1;
    const around = forward[place];
    if (around !== undefined && (lastCalls[around] ?? 0) > (firstReturns[zone] ?? 0)) {
      return endOf(around, zone);
    }
  }
  return null;

  function endOf(one: number, other: number): number {
    return Math.max(ends[one] ?? 0, ends[other] ?? 0);
  }
}
