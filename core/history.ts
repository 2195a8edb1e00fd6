import { type HistoryEvent, type OpEvent, isFaultEvent } from './event.ts';

/** A run as it was recorded, in order. It may be longer than memory: go through it, do not keep it. */
export interface History {
  events(): Iterable<HistoryEvent>;
}

export function historyOf(events: readonly HistoryEvent[]): History {
  return { events: () => events };
}

/**
 * An invocation with its completion. A missing completion, like an `info` one, leaves the operation
 * open to the end of the history: it may have taken effect at any time after its invocation.
 */
export interface Operation {
  readonly invoke: OpEvent;
  readonly complete?: OpEvent;
}

/** Pairs each invocation with the next completion of its process, in order of invocation. */
export function operationsOf(history: History): Operation[] {
  const operations: { invoke: OpEvent; complete?: OpEvent }[] = [];
  const open = new Map<number, { invoke: OpEvent; complete?: OpEvent }>();
  for (const event of history.events()) {
    if (isFaultEvent(event)) continue;
    if (event.phase === 'invoke') {
      const operation = { invoke: event };
      operations.push(operation);
      open.set(event.process, operation);
      continue;
    }
    const operation = open.get(event.process);
    if (operation === undefined) continue;
    operation.complete = event;
    open.delete(event.process);
  }
  return operations;
}
