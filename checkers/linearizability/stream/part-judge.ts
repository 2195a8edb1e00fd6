import type { Model, ModelOperation } from '../../models/model.ts';
import { type LiveSearch, type Saved, createLiveSearch, savedStart } from '../search/live.ts';
import type { Pending } from './held-events.ts';

/** The search of one part, in memory or put away, and what came of it. */
export interface PartJudge {
  /** Operations judged so far. */
  readonly operations: number;
  readonly outcome: PartOutcome;
  /** The one that no order explains; null unless the outcome is `impossible`. */
  readonly failure: LiveFailure | null;
  /** Operations that were called and have not returned. */
  open(): number;
  isLoaded(): boolean;
  call(pending: Pending, operation: ModelOperation): void;
  /** Passes the return of one that was called. */
  finish(pending: Pending): void;
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

/** For all parts together, but for the bytes, which are for each. */
export interface StreamBudget {
  stepsLeft: number;
  stepsTaken: number;
  readonly maxBytes: number;
}

/** Steps for each return that do not count. */
const freeSteps = 100;

export function createPartJudge(model: Model, budget: StreamBudget): PartJudge {
  const open = new Set<Pending>();
  let saved: Saved | null = savedStart(model);
  let search: LiveSearch | null = null;
  const load = (): LiveSearch => {
    search ??= createLiveSearch(model, saved ?? savedStart(model));
    saved = null;
    return search;
  };
  const failureAt = (culprit: Pending, states: readonly unknown[]): LiveFailure => {
    return { culprit, open: [...open], states, operationsBefore: self.operations - open.size };
  };
  const conclude = (outcome: PartOutcome): void => {
    self.outcome = outcome;
    open.clear();
    search = null;
  };
  const self = {
    operations: 0,
    outcome: 'open' as PartOutcome,
    failure: null as LiveFailure | null,
    open: () => open.size,
    isLoaded: () => search !== null,
    call(pending: Pending, operation: ModelOperation): void {
      self.operations++;
      if (pending.end === 'crashed' || pending.end === 'given-up') {
        load().crash(operation);
        return;
      }
      pending.slot = load().call(operation);
      open.add(pending);
    },
    finish(pending: Pending): void {
      const live = load();
      const passage = live.finish(pending.slot, budget.stepsLeft + freeSteps);
      budget.stepsTaken += live.steps();
      budget.stepsLeft -= Math.max(0, live.steps() - freeSteps);
      if (passage === 'impossible') {
        self.failure = failureAt(pending, live.statesBefore());
        conclude('impossible');
      } else if (passage === null || live.bytes() > budget.maxBytes) conclude('too-hard');
      else open.delete(pending);
    },
    putAway(): void {
      saved = search?.save() ?? saved;
      search = null;
    },
  };
  return self;
}
