import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import type { HistoryEvent } from '../../core/event.ts';

/** What goes on around a long way through a history. */
export interface Watch {
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Told now and then how many events there were so far. */
  readonly onEvents?: (count: number) => void;
}

/** Why a way through a history ended before its end; null when it did not. */
export type Stopped = null | 'by its visitor' | 'by its signal' | 'for want of memory';

export interface Visit {
  readonly count: number;
  readonly stopped: Stopped;
}

/** Timers, signals and the progress line get their turn so often. */
const turnMs = 50;
const eventsPerLook = 500;
/** Beyond this share of what V8 may use it collects garbage most of the time, and then ends the process. */
const fullShare = 0.9;

/** Goes through events in order until `each` says false, the signal aborts, or memory runs out. */
export async function visitEvents(
  events: Iterable<HistoryEvent>,
  { signal, onEvents }: Watch,
  each: (event: HistoryEvent) => boolean,
): Promise<Visit> {
  let count = 0;
  let turnAtMs = performance.now() + turnMs;
  for (const event of events) {
    count++;
    if (!each(event)) return { count, stopped: 'by its visitor' };
    if (count % eventsPerLook !== 0 || performance.now() < turnAtMs) continue;
    onEvents?.(count);
    await setImmediate();
    if (signal.aborted) return { count, stopped: 'by its signal' };
    if (isMemoryFull()) return { count, stopped: 'for want of memory' };
    turnAtMs = performance.now() + turnMs;
  }
  return { count, stopped: null };
}

function isMemoryFull(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > fullShare * limit;
}

/** The first of many events. */
export function* firstOf<T>(items: Iterable<T>, most: number): Generator<T> {
  let count = 0;
  for (const item of items) {
    if (count++ === most) return;
    yield item;
  }
}
