import type { OpEvent } from '../../../core/event.ts';

/** An operation whose call was seen, and how it ended as soon as that is known. */
export interface Pending {
  readonly invoke: OpEvent;
  /** Undefined as long as it is under way. */
  complete?: OpEvent;
  /** How it ended. `given-up`: it took too long to wait for, and may be anything. */
  end: 'under-way' | 'returned' | 'failed' | 'crashed' | 'given-up';
  /** Named by the search while it is open. */
  slot: number;
}

export interface HeldEvent {
  readonly kind: 'call' | 'return';
  readonly pending: Pending;
}

/**
 * The events of one part that wait for the end of an operation called before them: what a read returned
 * must be known when it is called. First in, first out.
 */
export interface HeldEvents {
  length(): number;
  push(event: HeldEvent): void;
  /** The oldest event; undefined when there is none. */
  first(): HeldEvent | undefined;
  shift(): void;
}

export function createHeldEvents(): HeldEvents {
  let events: HeldEvent[] = [];
  let start = 0;
  return {
    length: () => events.length - start,
    push: (event) => void events.push(event),
    first: () => events[start],
    shift() {
      start++;
      if (start < 64 || 2 * start < events.length) return;
      events = events.slice(start);
      start = 0;
    },
  };
}
