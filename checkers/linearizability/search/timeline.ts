import { exchangeNumber } from '../exchanges.ts';
import type { Operations } from '../operations.ts';
import type { OperationClasses } from './operation-classes.ts';

/**
 * A part of a history in columns: who is called and who returns when. Operations are numbered in order
 * of their calls; a *level* is a return, in order.
 */
export interface Timeline {
  readonly operations: number;
  readonly levels: number;
  /** Slots that are enough for all operations open at once. */
  readonly slots: number;
  readonly classOf: Int32Array;
  /** The slot of each operation while it is open; -1 for one that never returned. */
  readonly slotOf: Int32Array;
  /** The operation that returns at each level. */
  readonly returning: Int32Array;
  /** How many operations were called before the return at each level. */
  readonly calledBefore: Int32Array;
  /** The place of an operation among those that the timeline was made from. */
  placeOf(operation: number): number;
}

/** Intervals are closed: at equal moments calls come before returns, and the two operations overlap. */
export function timelineOf(operations: Operations, classes: OperationClasses): Timeline {
  const count = operations.length;
  const byCall = orderOfCalls(operations);
  const classAt = classesAt(operations, classes);
  const classOf = new Int32Array(count);
  const slotOf = new Int32Array(count);
  const returning = new Int32Array(count);
  const calledBefore = new Int32Array(count);
  /** The open operations, the first to return last. */
  const open: number[] = [];
  const returnOf = new Float64Array(count);
  const free: number[] = [];
  let slots = 0;
  let levels = 0;

  const passReturns = (until: number, called: number): void => {
    for (let first = open.at(-1); first !== undefined; first = open.at(-1)) {
      if ((returnOf[first] as number) >= until) return;
      open.pop();
      free.push(slotOf[first] as number);
      returning[levels] = first;
      calledBefore[levels++] = called;
    }
  };
  for (let number = 0; number < count; number++) {
    const place = byCall === null ? number : (byCall[number] as number);
    const returnedAt = operations.returns[place] as number;
    passReturns(operations.calls[place] as number, number);
    classOf[number] = classAt(place);
    returnOf[number] = returnedAt;
    if (returnedAt === Infinity) {
      slotOf[number] = -1;
      continue;
    }
    slotOf[number] = free.pop() ?? slots++;
    let rank = open.length;
    open.push(number);
    for (; rank > 0; rank--) {
      const later = open[rank - 1] as number;
      if ((returnOf[later] as number) > returnedAt) break;
      open[rank] = later;
    }
    open[rank] = number;
  }
  passReturns(Infinity, count);
  return {
    operations: count,
    levels,
    slots,
    classOf,
    slotOf,
    returning: returning.subarray(0, levels),
    calledBefore: calledBefore.subarray(0, levels),
    placeOf: (operation) => (byCall === null ? operation : (byCall[operation] as number)),
  };
}

/** Those that exchange the same are of one class, and only one of them is made to be asked. */
function classesAt(operations: Operations, classes: OperationClasses): (at: number) => number {
  const classOfExchange = new Map<number, number>();
  return (at) => {
    const exchange = exchangeNumber(operations, at);
    if (exchange === null) return classes.classOf(operations.operation(at));
    let known = classOfExchange.get(exchange);
    if (known === undefined) {
      classOfExchange.set(exchange, (known = classes.classOf(operations.operation(at))));
    }
    return known;
  };
}

/** Null when they stand in the order of their calls already. */
function orderOfCalls({ calls }: Operations): Int32Array | null {
  const isSorted = calls.every((call, at) => at === 0 || call >= (calls[at - 1] as number));
  if (isSorted) return null;
  const callOf = (at: number): number => calls[at] as number;
  return Int32Array.from(calls.keys()).sort((one, other) => callOf(one) - callOf(other));
}
