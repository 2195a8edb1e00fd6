import type { Model, ModelOperation } from '../../models/model.ts';
import { type FailedCas, isSilent, timedOperation } from '../part.ts';
import { type LiveSearch, type Saved, createLiveSearch, savedStart } from '../search/live.ts';
import { type HeldEvent, type Pending, createHeldEvents } from './held-events.ts';

/** One part of a history that is still being written. */
export interface LivePart {
  readonly key: string | null;
  /** Events that wait for an operation to end. */
  readonly held: number;
  /** Operations judged so far. */
  readonly operations: number;
  readonly outcome: PartOutcome;
  /** The one that no order explains; null unless the outcome is `impossible`. */
  readonly failure: LiveFailure | null;
  /** Whether there is a search in memory, and whether it could be put away. */
  readonly isLoaded: boolean;
  readonly isIdle: boolean;
  hold(event: HeldEvent): void;
  /** Judges whatever need not wait. */
  advance(): void;
  /** Stops waiting for the operation that holds up the others. */
  giveUpWaiting(): void;
  /** Keeps only what is known, without what makes the search fast. */
  putAway(): void;
}

/** `too-hard`: the budget did not do. */
export type PartOutcome = 'open' | 'impossible' | 'too-hard';

export interface LiveFailure {
  readonly culprit: Pending;
  /** Everything open when it returned, itself included, in order of the calls. */
  readonly open: readonly Pending[];
  readonly states: readonly unknown[];
  readonly operationsBefore: number;
}

export interface LivePartOptions {
  readonly model: Model;
  readonly key: string | null;
  readonly failedCas: FailedCas;
  readonly budget: StepBudget;
  readonly maxBytes: number;
}

/** Steps for all parts together. */
export interface StepBudget {
  stepsLeft: number;
  stepsTaken: number;
}

/** Steps for each return that do not count. */
const freeSteps = 100;

export function createLivePart(options: LivePartOptions): LivePart {
  const { model, key, failedCas, budget, maxBytes } = options;
  const events = createHeldEvents();
  const open = new Set<Pending>();
  let saved: Saved | null = savedStart(model);
  let search: LiveSearch | null = null;
  const load = (): LiveSearch => {
    search ??= createLiveSearch(model, saved ?? savedStart(model));
    saved = null;
    return search;
  };

  const call = (pending: Pending, operation: ModelOperation): void => {
    const { end } = pending;
    if (end === 'crashed' || end === 'given-up') {
      load().crash(operation);
      return;
    }
    pending.slot = load().call(operation);
    open.add(pending);
  };
  const finish = (pending: Pending): void => {
    const live = load();
    const passage = live.finish(pending.slot, budget.stepsLeft + freeSteps);
    budget.stepsTaken += live.steps;
    budget.stepsLeft -= Math.max(0, live.steps - freeSteps);
    if (passage === 'passed' && live.bytes <= maxBytes) {
      open.delete(pending);
      return;
    }
    if (passage !== 'impossible') {
      self.outcome = 'too-hard';
      return;
    }
    self.outcome = 'impossible';
    self.failure = {
      culprit: pending,
      open: [...open],
      states: live.statesBefore(),
      operationsBefore: self.operations - open.size,
    };
  };

  /** Nothing more will be judged. */
  const release = (): void => {
    while (events.length > 0) events.shift();
    open.clear();
    search = null;
  };

  const self = {
    key,
    operations: 0,
    outcome: 'open' as PartOutcome,
    failure: null as LiveFailure | null,
    get held() {
      return self.outcome === 'open' ? events.length : 0;
    },
    get isLoaded() {
      return search !== null;
    },
    get isIdle() {
      return events.length === 0 && open.size === 0;
    },
    hold(event: HeldEvent): void {
      if (self.outcome === 'open') events.push(event);
    },
    advance(): void {
      for (let event = events.first(); event !== undefined; event = events.first()) {
        const { kind, pending } = event;
        if (self.outcome !== 'open' || pending.end === 'under-way') break;
        events.shift();
        if (kind === 'return') {
          if (pending.slot >= 0) finish(pending);
          continue;
        }
        const operation = operationOf(model, pending, failedCas);
        if (operation === null) continue;
        self.operations++;
        call(pending, operation);
      }
      if (self.outcome !== 'open') release();
    },
    giveUpWaiting(): void {
      const first = events.first();
      if (first?.pending.end === 'under-way') first.pending.end = 'given-up';
    },
    putAway(): void {
      saved = search?.save() ?? saved;
      search = null;
    },
  };
  return self;
}

/** What the search is told of an operation; null when it says nothing. */
function operationOf(
  model: Model,
  { invoke, complete, end }: Pending,
  failedCas: FailedCas,
): ModelOperation | null {
  const isKnown = (end === 'returned' || end === 'failed') && complete !== undefined;
  const timed = timedOperation(isKnown ? { invoke, complete } : { invoke }, failedCas);
  return timed === null || isSilent(model, timed) ? null : timed.operation;
}
