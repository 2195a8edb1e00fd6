import type { OpEvent } from '../core/event.ts';
import { type Operation } from '../core/history.ts';
import { successOf } from './findings.ts';

/** The number that a successful operation carried, and the event of its return. */
export interface Reading {
  readonly event: OpEvent;
  readonly value: number;
}

/** A reading beside the highest one that had returned before it began, in real time. */
export interface RisingPair {
  readonly reading: Reading;
  readonly before: Reading | undefined;
}

/**
 * Goes through successful operations in the order of their returns, once: n log n for sorting. Those of
 * which `valueOf` makes null are passed over.
 */
export function* risingPairs(
  operations: readonly Operation[],
  valueOf: (operation: Operation, event: OpEvent) => number | null,
): Generator<RisingPair> {
  const moments = operations
    .flatMap((operation) => {
      const complete = successOf(operation);
      if (complete === null) return [];
      return [operation.invoke, complete].map((event) => ({ operation, event }));
    })
    .sort((one, other) => one.event.index - other.event.index);
  const began = new Map<Operation, Reading | undefined>();
  let highest: Reading | undefined;
  for (const { operation, event } of moments) {
    if (event.phase === 'invoke') {
      began.set(operation, highest);
      continue;
    }
    const before = began.get(operation);
    began.delete(operation);
    const value = valueOf(operation, event);
    if (value === null) continue;
    const reading = { event, value };
    yield { reading, before };
    if (highest === undefined || value > highest.value) highest = reading;
  }
}
