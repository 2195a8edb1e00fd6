import type { ModelOperation } from '../models/model.ts';
import { type NotedExchanges, selectExchanges } from './exchanges.ts';

/**
 * The operations of a part in columns, in order of the calls. Positions only order events; they are
 * indexes of a history, or times where two equal ones mean that the operations overlap. An operation
 * that returned at `Infinity` may happen at any time after its call, or never.
 */
export interface Operations {
  readonly length: number;
  /** When each was called. */
  readonly calls: Float64Array;
  /** When each returned. */
  readonly returns: Float64Array;
  /** What was asked and answered. It is made when asked for: a long history has no room for all. */
  readonly operation: (at: number) => ModelOperation;
  /** The same as numbers, of those of which it was noted. */
  readonly exchanges?: NotedExchanges | undefined;
}

/** One operation and the time it took. */
export interface TimedOperation {
  readonly operation: ModelOperation;
  readonly calledAt: number;
  readonly returnedAt: number;
}

export function operationsFrom(list: readonly TimedOperation[]): Operations {
  return {
    length: list.length,
    calls: Float64Array.from(list, ({ calledAt }) => calledAt),
    returns: Float64Array.from(list, ({ returnedAt }) => returnedAt),
    operation: (at) => (list[at] as TimedOperation).operation,
  };
}

/** Undefined where there is none. */
export function timedAt(
  { calls, returns, operation }: Operations,
  at: number,
): TimedOperation | undefined {
  const [calledAt, returnedAt] = [calls[at], returns[at]];
  if (calledAt === undefined || returnedAt === undefined) return undefined;
  return { operation: operation(at), calledAt, returnedAt };
}

/** The same as a list, to be changed or sent away. */
export function listOf(operations: Operations): readonly TimedOperation[] {
  return Array.from(operations.calls, (_, at) => timedAt(operations, at) as TimedOperation);
}

/** Those at some places, in that order. */
export function selectFrom(operations: Operations, places: ArrayLike<number>): Operations {
  const { calls, returns, exchanges } = operations;
  const { length } = places;
  const [selectedCalls, selectedReturns] = [new Float64Array(length), new Float64Array(length)];
  for (let at = 0; at < length; at++) {
    const place = places[at] as number;
    selectedCalls[at] = calls[place] as number;
    selectedReturns[at] = returns[place] as number;
  }
  return {
    length,
    calls: selectedCalls,
    returns: selectedReturns,
    operation: (at) => operations.operation(places[at] as number),
    exchanges: exchanges === undefined ? undefined : selectExchanges(exchanges, places),
  };
}

/** The same, but that whatever returned after a moment may not have happened. */
export function leftOpenAfter(operations: Operations, end: number): Operations {
  const returns = operations.returns.map((each) => (each > end ? Infinity : each));
  return { ...operations, returns };
}

/** All for which it holds, by their places. */
export function placesWhere(operations: Operations, holds: (at: number) => boolean): number[] {
  const places: number[] = [];
  for (let at = 0; at < operations.length; at++) if (holds(at)) places.push(at);
  return places;
}
