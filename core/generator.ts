import type { HistoryEvent, Op } from './event.ts';
import type { Rng } from './rng.ts';

/** What a generator may look at. Randomness comes from here, so that a plan is a value. */
export interface GeneratorContext {
  readonly timeNs: number;
  /** Workers that are free to take an operation now, by number. */
  readonly free: readonly number[];
  readonly workers: number;
  readonly rng: Rng;
}

/** An operation, for any free worker or for a certain one. */
export interface Draw {
  readonly op: Op;
  readonly worker?: number;
  /** When it is due, if later than now. */
  readonly dueNs?: number;
}

/**
 * What to do next: an operation and the generator of what follows; `pending` when nothing can be
 * said before an event or (`untilNs`) a moment; `done` at the end.
 */
export type Next =
  | { readonly kind: 'op'; readonly draw: Draw; readonly then: OpGenerator }
  | { readonly kind: 'pending'; readonly untilNs?: number; readonly then: OpGenerator }
  | { readonly kind: 'done' };

/** A lazy, pure sequence of operations. Combinators are in `generators/`. */
export interface OpGenerator {
  next(context: GeneratorContext): Next;
  update(event: HistoryEvent): OpGenerator;
}
