import type { Model } from '../../models/model.ts';
import { viewsAs } from '../../models/view.ts';
import { timedAt } from '../operations.ts';
import type { Part } from '../part.ts';
import { overBy } from '../wording.ts';
import { isOverBefore, mayHaveBegunBy } from './timing.ts';

/** Another that did the same before, with nobody to undo it in between. */
export function mutexContradiction(model: Model, part: Part, stuck: number): string | null {
  const { operations } = part;
  const views = viewsAs(model, 'mutex', operations);
  const [self, kind] = [timedAt(operations, stuck), views?.[stuck]?.kind];
  if (views === null || self === undefined || kind === undefined) return null;
  const undoing = kind === 'acquire' ? 'release' : 'acquire';
  const undoers = [...views.keys()].filter(
    (at) => views[at]?.kind === undoing && mayHaveBegunBy(operations, at, self.returnedAt),
  );
  const startsDone = (model.init === true) === (kind === 'acquire');
  if (startsDone && undoers.length === 0) {
    return `nobody had begun to ${undoing} it before it returned, except where that failed`;
  }
  const since = Math.max(-1, ...undoers.map((at) => operations.returns[at] ?? Infinity));
  const witness = views.findLastIndex((view, at) => {
    if (at === stuck || view.kind !== kind) return false;
    return (operations.calls[at] ?? 0) > since && isOverBefore(operations, at, self.calledAt);
  });
  if (witness < 0) return null;
  return `${overBy(model, part, witness)}, before it began, and nobody had begun to ${undoing} it since`;
}
