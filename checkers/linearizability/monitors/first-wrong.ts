import { type Operations, leftOpenAfter } from '../operations.ts';
import { firstAfter } from './points.ts';
import { returnsOf } from './sweep.ts';

/**
 * Null for a history that is linearizable; for another, a guess at the return from which on it is not.
 */
export type Judge = (operations: Operations) => number | null;

/**
 * The operation with whose return a history, which must not be linearizable, ceases to be; null when no
 * operation returned. It asks about prefixes: those that end at the guess and just before, and every
 * third time one in the middle of what is left. So good guesses take two questions, and bad ones no
 * more than three times as many as halving.
 */
export function firstWrongOf(operations: Operations, judge: Judge): number | null {
  const returns = returnsOf(operations);
  const times = Float64Array.from(returns, (at) => operations.returns[at] ?? 0);
  const placeOf = (guess: number | null): number => firstAfter(times, guess ?? Infinity) - 1;
  let low = 0;
  let high = returns.length - 1;
  let guess = placeOf(judge(operations));
  for (let round = 0; low < high; round++) {
    const aimed = round % 3 === 2 ? (low + high) >> 1 : guess;
    const place = Math.max(low, Math.min(aimed, high - 1));
    const answer = judge(prefixOf(operations, times[place] ?? 0));
    if (answer === null) low = place + 1;
    else {
      high = place;
      guess = placeOf(answer);
    }
  }
  return returns[low] ?? null;
}

/** What was called up to a moment; what had not returned by then may not have happened. */
function prefixOf(operations: Operations, end: number): Operations {
  let low = 0;
  for (let high = operations.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((operations.calls[middle] ?? 0) <= end) low = middle + 1;
    else high = middle;
  }
  const { calls, returns, operation, exchanges } = operations;
  const prefix = {
    length: low,
    calls: calls.subarray(0, low),
    returns: returns.subarray(0, low),
    operation,
    exchanges,
  };
  return leftOpenAfter(prefix, end);
}
