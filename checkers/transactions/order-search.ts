import type { Work } from '../work.ts';
import { come, commitAll, takeBack } from './order-moves.ts';
import { type OrderProblem, layOut } from './order-problem.ts';
import {
  type OrderState,
  canCome,
  createOrderState,
  horizonOf,
  phase,
  waitingOf,
} from './order-state.ts';
import type { Budget } from './path-finder.ts';

/** What the search came to. */
export type OrderResult =
  /** `2t` where transaction `t` reads (in a serial order: happens), `2t + 1` where it commits. */
  | { readonly kind: 'order'; readonly steps: readonly number[] }
  /** No order explains what was read. `most` transactions fit into one, and then `stuck` does not. */
  | {
      readonly kind: 'none';
      readonly members: number;
      readonly most: number;
      readonly stuck: number;
    }
  /** The search was given up. */
  | { readonly kind: 'unknown'; readonly members: number; readonly most: number };

/** A place where more than one transaction could come next. */
interface Fork {
  readonly depth: number;
  readonly options: readonly number[];
  next: number;
}

/** Forks that are remembered; when there are more, the older half is taken for decided. */
const mostForks = 200_000;

/** Steps between two stints. */
const stepsAtOnce = 20_000;

/** States remembered to lead nowhere. */
const mostDeadEnds = 1_000_000;

/**
 * Where real time does not bind, all are asked in histories of up to so many transactions. In larger ones it
 * still guides: first those are asked that real time allows, and only if none of them can come the others,
 * up to so many in order of their calls.
 */
const mostAsked = { all: 500, beyond: 2000 } as const;

/**
 * Looks for an order of the transactions in which every read sees the version that its key has then. Runs
 * forward: a transaction can come when what it read is there, and when nobody is left who has to read what
 * it replaces. What only reads, or writes only what it read, comes at once, since nothing else could come
 * between; so only blind writes of the same time make forks, the one with the nearest deadline first.
 * Finds an order in near-linear time where guesses go right; exponential in blind writes at a time.
 */
export function* searchOrder(problem: OrderProblem, budget: Budget): Work<OrderResult> {
  const state = createOrderState(layOut(problem));
  const members = state.laidOut.members.length;
  const search: Search = { state, budget, forks: [], deadEnds: new Set(), partial: false };
  let [most, stuck] = [-1, 0];
  let [stepsLeft, bytesHeld] = [budget.steps, 0];
  for (;;) {
    if (stepsLeft - budget.steps > stepsAtOnce) {
      const bytes = bytesOf(search);
      yield { steps: stepsLeft - budget.steps, bytes: bytes - bytesHeld };
      [stepsLeft, bytesHeld] = [budget.steps, bytes];
    }
    commitAll(state);
    if (state.done === members) return { kind: 'order', steps: state.trail };
    const options = optionsOf(search);
    if (budget.steps < 0) return { kind: 'unknown', members, most };
    if (options.length === 0 && state.done > most) {
      most = state.done;
      stuck = stuckIn(state);
    }
    if (options.length > 0 && !isDeadEnd(search, options)) advance(search, options);
    else if (!retreat(search)) {
      return search.partial
        ? { kind: 'unknown', members, most }
        : { kind: 'none', members, most, stuck };
    }
  }
}

interface Search {
  readonly state: OrderState;
  readonly budget: Budget;
  forks: Fork[];
  readonly deadEnds: Set<string>;
  /** Whether something was left out, so that finding nothing means nothing. */
  partial: boolean;
}

/** What a dead end and a fork fill, about. */
const bytesEach = { deadEnd: 150, fork: 200 } as const;

function bytesOf({ deadEnds, forks }: Search): number {
  return deadEnds.size * bytesEach.deadEnd + forks.length * bytesEach.fork;
}

/** Who can come next: one alone where that is safe, else all, the likeliest first. */
function optionsOf(search: Search): readonly number[] {
  const { state, budget } = search;
  const { laidOut, hinted } = state;
  const { callAt } = laidOut.problem.accesses.registers.transactions;
  const horizon = horizonOf(state);
  const { before } = laidOut.problem;
  const askAll = before !== 'realtime' && laidOut.members.length <= mostAsked.all;
  const options: number[] = [];
  let beyond = 0;
  for (const at of waitingOf(state)) {
    if ((callAt[at] ?? 0) > horizon && !askAll) {
      if (before === 'realtime') break;
      search.partial = true;
      if (options.length > 0 || ++beyond > mostAsked.beyond) break;
    }
    budget.steps--;
    if (!canCome(state, at)) continue;
    if (laidOut.isUpdate[at] === 1) return [at];
    options.push(at);
  }
  const { deadline } = laidOut;
  const unlikely = (at: number): number => (hinted[at] === 0 ? 0 : 1);
  return options.sort(
    (one, other) =>
      unlikely(one) - unlikely(other) || (deadline[one] ?? 0) - (deadline[other] ?? 0),
  );
}

function advance(search: Search, options: readonly number[]): void {
  const { state, forks } = search;
  const [first = 0] = options;
  if (options.length > 1) {
    forks.push({ depth: state.trail.length, options, next: 1 });
    if (forks.length > mostForks) {
      search.forks = forks.slice(mostForks / 2);
      search.partial = true;
    }
  }
  come(state, first);
}

/** Goes back to the last fork with an option left and takes it; false when there is none. */
function retreat({ state, forks, deadEnds }: Search): boolean {
  for (let fork = forks.at(-1); fork !== undefined; fork = forks.at(-1)) {
    takeBack(state, fork.depth);
    const option = fork.options[fork.next++];
    if (option !== undefined) {
      come(state, option);
      return true;
    }
    if (deadEnds.size < mostDeadEnds) deadEnds.add(state.hash.join());
    forks.pop();
  }
  return false;
}

function isDeadEnd({ state, deadEnds }: Search, options: readonly number[]): boolean {
  return options.length > 1 && deadEnds.size > 0 && deadEnds.has(state.hash.join());
}

/** The first transaction by its call that has found no place, or is not over. */
function stuckIn(state: OrderState): number {
  for (const at of state.laidOut.members) if (state.status[at] !== phase.over) return at;
  return 0;
}
