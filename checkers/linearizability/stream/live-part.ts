import type { Model, ModelOperation } from '../../models/model.ts';
import { type FailedCas, isSilent, timedOperation } from '../part.ts';
import { type HeldEvent, type Pending, createHeldEvents } from './held-events.ts';
import { type PartJudge, type StreamBudget, createPartJudge } from './part-judge.ts';

/** One part of a history that is still being written. */
export interface LivePart {
  readonly key: string | null;
  readonly judge: PartJudge;
  /** Events that wait for an operation to end. */
  held(): number;
  /** Whether nothing waits and nothing is open. */
  isIdle(): boolean;
  hold(event: HeldEvent): void;
  /** Judges whatever need not wait. */
  advance(): void;
  /** Stops waiting for the operation that holds up the others. */
  giveUpWaiting(): void;
}

export interface LivePartOptions {
  readonly model: Model;
  readonly key: string | null;
  readonly failedCas: FailedCas;
  readonly budget: StreamBudget;
}

export function createLivePart({ model, key, failedCas, budget }: LivePartOptions): LivePart {
  const events = createHeldEvents();
  const judge = createPartJudge(model, budget);
  const tell = ({ kind, pending }: HeldEvent): void => {
    if (kind === 'return') {
      if (pending.slot >= 0) judge.finish(pending);
      return;
    }
    const operation = operationOf(model, pending, failedCas);
    if (operation !== null) judge.call(pending, operation);
  };
  return {
    key,
    judge,
    held: () => events.length(),
    isIdle: () => events.length() === 0 && judge.open() === 0,
    hold(event) {
      if (judge.outcome === 'open') events.push(event);
    },
    advance() {
      for (let event = events.first(); event !== undefined; event = events.first()) {
        if (judge.outcome === 'open' && event.pending.end === 'under-way') return;
        events.shift();
        // What comes after a conclusion is not held, and what was held before it is not looked at.
        if (judge.outcome === 'open') tell(event);
      }
    },
    giveUpWaiting() {
      const first = events.first();
      if (first?.pending.end === 'under-way') first.pending.end = 'given-up';
    },
  };
}

/** What the search is told of an operation; null when it says nothing. */
function operationOf(
  model: Model,
  { invoke, complete, end }: Pending,
  failedCas: FailedCas,
): ModelOperation | null {
  const isKnown = (end === 'returned' || end === 'failed') && complete !== undefined;
  const timed = timedOperation(isKnown ? { invoke, complete } : { invoke }, failedCas);
  return timed === null || isSilent(model, timed.operation) ? null : timed.operation;
}
