import type { Model } from '../../models/model.ts';
import { type CounterView, viewsAs } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import { createEarliest } from './earliest.ts';
import { firstImpossible } from './sweep.ts';

/**
 * Decides a counter to which only one amount is ever added, in O(n log n) however many operations
 * overlap or crashed; null when the operations are not of that kind. (With several amounts the question
 * holds that of which of them make up a sum, which nobody knows how to answer fast.)
 *
 * Let the count be how many additions took effect; a read tells it, or fits no counter. The count only
 * grows, so the least that it can be at each moment is what matters: let additions take effect, of those
 * that are open the one that returns first, only when one returns that has not yet, or when a read
 * returns a count that has not been reached. As with locks (see `mutex.ts`), any linearization can be
 * changed into one that has done no more than that at any moment, up to where it fails. A read that
 * returns the count k then fits exactly when the least count at its call is not above k, and enough
 * additions are open at its return to reach k: in between the count passes k, and it can stay there
 * until the read is over, or until the next addition has to take effect, when the read has had its moment.
 */
export function createUnitCounter(model: Model, operations: Operations): Decider | null {
  const views = viewsAs(model, 'counter', operations);
  const amount = views === null ? null : onlyAmount(views);
  if (views === null || amount === null || !isExact(model.init, amount, views.length)) return null;
  const { init } = model;
  let steps = 0;
  let stuck: number | null = null;
  return {
    name: 'unit-counter',
    steps: () => steps,
    stuck: () => stuck,
    run() {
      steps = operations.length;
      stuck = firstWrong(operations, views, (sum) => (sum - init) / amount);
      return stuck === null ? 'valid' : 'invalid';
    },
  };
}

/** What is added each time, but for nothing; 1 if nothing ever is, null if it is not always the same. */
function onlyAmount(views: readonly CounterView[]): number | null {
  let amount: number | null = null;
  for (const view of views) {
    if (view.kind === 'read' || view.amount === 0) continue;
    if (amount !== null && amount !== view.amount) return null;
    amount = view.amount;
  }
  return amount ?? 1;
}

/** Whether all sums are whole numbers that are told apart; else adding is not the same as counting. */
function isExact(init: unknown, amount: number, times: number): init is number {
  if (typeof init !== 'number' || !Number.isInteger(init) || !Number.isInteger(amount))
    return false;
  return Number.isSafeInteger(Math.abs(init) + Math.abs(amount) * times);
}

function firstWrong(
  operations: Operations,
  views: readonly CounterView[],
  countFor: (sum: number) => number,
): number | null {
  const open = createEarliest((at) => operations.returns[at] ?? Infinity);
  const isDone = new Uint8Array(operations.length);
  const countAtCall = new Int32Array(operations.length);
  let count = 0;
  const add = (): boolean => {
    const next = open.take();
    if (next === -1) return false;
    isDone[next] = 1;
    count++;
    return true;
  };
  return firstImpossible(operations, {
    called(at) {
      const view = views[at];
      countAtCall[at] = count;
      if (view?.kind === 'add' && view.amount !== 0) open.add(at);
      else isDone[at] = 1;
    },
    returned(at) {
      const view = views[at];
      while (isDone[at] === 0) add();
      if (view?.kind !== 'read') return true;
      const wanted = countFor(view.sum);
      if (!Number.isInteger(wanted) || wanted < (countAtCall[at] ?? 0)) return false;
      while (count < wanted) if (!add()) return false;
      return true;
    },
  });
}
