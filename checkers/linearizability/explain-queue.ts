import type { Model } from '../models/model.ts';
import { sameValue, valueKey, wordsOf } from '../models/value.ts';
import { type CollectionView, viewsAs } from '../models/view.ts';
import type { Part } from './part.ts';
import { overBy } from './wording.ts';

/**
 * The operation on a queue that alone contradicts a dequeue, in words; null when none does. As for a
 * register, each claim follows from the order of events and does not trust the search.
 */
export function queueContradictionOf(model: Model, part: Part, stuck: number): string | null {
  const views = viewsAs(model, 'queue', part.operations);
  if (views === null) return null;
  const [self, view] = [part.operations[stuck], views[stuck]];
  if (self === undefined || view === undefined) return null;
  if (view.kind === 'empty') {
    const left = leftBehind({ part, views, until: self.returnedAt }, self.calledAt);
    if (left === null) return null;
    return `${overBy(model, part, left)}, before it began, and nobody had begun to take that out`;
  }
  if (view.kind !== 'remove') return null;

  const enqueues = [...views.keys()].filter((at) => {
    const other = views[at];
    const isCalled = (part.operations[at]?.calledAt ?? 0) <= self.returnedAt;
    return isCalled && other?.kind === 'insert' && sameValue(other.value, view.value);
  });
  const [enqueue, second] = enqueues;
  const value = wordsOf(view.value);
  if (enqueue === undefined) return `nobody had begun to enqueue ${value} before it returned`;
  if (second !== undefined) return null;
  const twin = [...views.keys()].find((at) => {
    const other = views[at];
    if (at === stuck || other?.kind !== 'remove') return false;
    return isOver(part, at, self.returnedAt) && sameValue(other.value, view.value);
  });
  if (twin !== undefined) {
    return `${overBy(model, part, twin)}, and only one enqueue of ${value} had begun`;
  }
  const begun = part.operations[enqueue]?.calledAt ?? 0;
  const left = leftBehind({ part, views, until: self.returnedAt }, begun);
  if (left === null) return null;
  return (
    `${overBy(model, part, left)}, before the enqueue of ${value} began, ` +
    `and nobody had begun to take that out`
  );
}

interface Scene {
  readonly part: Part;
  readonly views: readonly CollectionView[];
  /** The moment up to which the history counts. */
  readonly until: number;
}

/** The last enqueue over before a moment whose value nobody can have dequeued yet; null if none is. */
function leftBehind({ part, views, until }: Scene, before: number): number | null {
  const taken = new Set<string | number>();
  for (const [at, view] of views.entries()) {
    if ((part.operations[at]?.calledAt ?? 0) > until) continue;
    if (view.kind === 'take') return null;
    if (view.kind === 'remove') taken.add(valueKey(view.value));
  }
  const left = views.findLastIndex((view, at) => {
    if (view.kind !== 'insert' || taken.has(valueKey(view.value))) return false;
    return (part.operations[at]?.returnedAt ?? Infinity) < before;
  });
  return left < 0 ? null : left;
}

function isOver(part: Part, at: number, until: number): boolean {
  return (part.operations[at]?.returnedAt ?? Infinity) <= until;
}
