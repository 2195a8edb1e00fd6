import type { Model } from '../../models/model.ts';
import { type CounterView, viewsAs } from '../../models/view.ts';
import { timedAt } from '../operations.ts';
import type { Part } from '../part.ts';
import { overBy } from '../wording.ts';
import { isOverBefore, mayHaveBegunBy } from './timing.ts';

/** A sum that the additions at hand cannot make, or a counter that only grows and went back. */
export function counterContradiction(model: Model, part: Part, stuck: number): string | null {
  const { operations } = part;
  const views = viewsAs(model, 'counter', operations);
  const [self, view] = [timedAt(operations, stuck), views?.[stuck]];
  if (views === null || self === undefined || view?.kind !== 'read') return null;
  if (typeof model.init !== 'number') return null;
  const begun = views.filter((_, at) => mayHaveBegunBy(operations, at, self.returnedAt));
  const isOver = (at: number): boolean => isOverBefore(operations, at, self.calledAt);
  const over = views.filter((_, at) => isOver(at));
  const least = model.init + added(over, isUp) + added(begun, isDown);
  const most = model.init + added(begun, isUp) + added(over, isDown);
  if (view.sum < least) {
    return `what had been added before it began makes at least ${least}, whatever else had begun`;
  }
  if (view.sum > most) {
    return `all that had begun to be added before it returned makes at most ${most}`;
  }
  if (begun.some((each) => each.kind === 'add' && isDown(each.amount))) return null;
  const greater = views.findLastIndex(
    (each, at) => each.kind === 'read' && each.sum > view.sum && isOver(at),
  );
  if (greater < 0) return null;
  return `${overBy(model, part, greater)}, before it began, and nobody has taken anything off`;
}

function added(views: readonly CounterView[], which: (amount: number) => boolean): number {
  const amounts = views.map((view) => (view.kind === 'add' ? view.amount : 0));
  return amounts.filter(which).reduce((sum, amount) => sum + amount, 0);
}

function isUp(amount: number): boolean {
  return amount > 0;
}

function isDown(amount: number): boolean {
  return amount < 0;
}
