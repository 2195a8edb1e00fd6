import type { Model } from '../../models/model.ts';
import { valueKey } from '../../models/value.ts';
import { viewAs } from '../../models/view.ts';
import type { TimedOperation } from '../part.ts';

/** The operations on a queue of different values, named by their places in the history. */
export interface UniqueQueue {
  readonly operations: readonly TimedOperation[];
  readonly enqueues: ReadonlyMap<string | number, number>;
  /** Dequeues by value: the first to return is first, or the first called where none returned. */
  readonly dequeues: ReadonlyMap<string | number, readonly number[]>;
  /** Dequeues that found nothing. */
  readonly empties: readonly number[];
  /** When dequeues of unknown result were called. */
  readonly takers: readonly number[];
  /** Whether each value has one dequeue at most; otherwise who took what is settled by later returns. */
  readonly isCertain: boolean;
}

/** Null when the operations are not of the kind that `createUniqueQueue` decides. */
export function queueOf(model: Model, operations: readonly TimedOperation[]): UniqueQueue | null {
  const enqueues = new Map<string | number, number>();
  const certain = new Map<string | number, number[]>();
  const optional = new Map<string | number, number[]>();
  const empties: number[] = [];
  const takers: number[] = [];
  for (const [at, { operation, calledAt, returnedAt }] of operations.entries()) {
    const view = viewAs(model, 'queue', operation);
    if (view === null) return null;
    if (view.kind === 'take') takers.push(calledAt);
    else if (view.kind === 'empty') {
      if (returnedAt !== Infinity) empties.push(at);
    } else {
      const key = valueKey(view.value);
      if (view.kind === 'remove') {
        const dequeues = returnedAt === Infinity ? optional : certain;
        const others = dequeues.get(key);
        if (others === undefined) dequeues.set(key, [at]);
        else others.push(at);
      } else if (enqueues.has(key)) return null;
      else enqueues.set(key, at);
    }
  }
  if (takers.length > 0 && optional.size > 0) return null;
  // What certainly dequeued a value leaves nothing to those that may have.
  const dequeues = new Map([...optional, ...certain]);
  for (const list of dequeues.values()) list.sort((one, other) => endOf(one) - endOf(other));
  const isCertain =
    takers.length === 0 &&
    [...certain].every(([key, { length }]) => length === 1 && !optional.has(key)) &&
    [...optional.values()].every(({ length }) => length === 1);
  return { operations, enqueues, dequeues, empties, takers, isCertain };

  function endOf(at: number): number {
    const { calledAt = 0, returnedAt = 0 } = operations[at] ?? {};
    return returnedAt === Infinity ? calledAt : returnedAt;
  }
}

/** Infinity for one that may not have happened. */
export function returnOf({ operations }: UniqueQueue, at: number): number {
  return operations[at]?.returnedAt ?? Infinity;
}
