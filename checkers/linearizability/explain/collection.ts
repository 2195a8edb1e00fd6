import type { Json } from '../../../core/json.ts';
import type { Model } from '../../models/model.ts';
import { sameValue, valueKey, wordsOf } from '../../models/value.ts';
import { type CollectionName, type CollectionView, viewsAs } from '../../models/view.ts';
import { timedAt } from '../operations.ts';
import type { Part } from '../part.ts';
import { overBy } from '../wording.ts';
import type { Contradiction } from './explain.ts';
import { isOverBefore, mayHaveBegunBy } from './timing.ts';

/** A value that was never put in, that another took, or that another should have gone before. */
export function collectionContradiction(object: CollectionName): Contradiction {
  return (model, part, stuck) => {
    const views = viewsAs(model, object, part.operations);
    const [self, view] = [timedAt(part.operations, stuck), views?.[stuck]];
    if (views === null || self === undefined || view === undefined) return null;
    const verb = insertionVerb[object];
    const scene: Scene = { model, part, views, verb, until: self.returnedAt };
    if (view.kind === 'empty') {
      const left = leftBehind(scene, (at) => isOverBefore(part.operations, at, self.calledAt));
      if (left === null) return null;
      return `${overBy(model, part, left)}, before it began, and ${nobodyTook}`;
    }
    if (view.kind !== 'remove') return null;
    return againstOrigin(scene, stuck, view.value) ?? againstTurn(scene, stuck, view.value);
  };
}

/** What an insertion is called. */
const insertionVerb: Readonly<Record<CollectionName, string>> = {
  queue: 'enqueue',
  stack: 'push',
  'priority-queue': 'enqueue',
};

const nobodyTook = 'nobody had begun to take that out';

interface Scene {
  readonly model: Model;
  readonly part: Part;
  readonly views: readonly CollectionView[];
  /** What an insertion is called. */
  readonly verb: string;
  /** The moment up to which the history counts. */
  readonly until: number;
}

/** That the value was not there to be taken. */
function againstOrigin(scene: Scene, stuck: number, value: Json): string | null {
  const { model, part, views, verb, until } = scene;
  const insertions = insertionsOf(scene, value);
  const [insertion, second] = insertions;
  const words = wordsOf(value);
  if (insertion === undefined)
    return `nobody had begun to ${verb} ${words} before it returned, except where that failed`;
  if (second !== undefined) return null;
  const twin = [...views.keys()].find((at) => {
    const other = views[at];
    if (at === stuck || other?.kind !== 'remove' || !sameValue(other.value, value)) return false;
    return (part.operations.returns[at] ?? Infinity) <= until;
  });
  if (twin === undefined) return null;
  return `${overBy(model, part, twin)}, and only one ${verb} of ${words} had begun`;
}

/** That another value had to go first. */
function againstTurn(scene: Scene, stuck: number, value: Json): string | null {
  const { model, part, views, verb } = scene;
  const { operations } = part;
  const insertions = insertionsOf(scene, value);
  const [insertion = -1] = insertions;
  const [self, inserted] = [timedAt(operations, stuck), timedAt(operations, insertion)];
  if (self === undefined || inserted === undefined || insertions.length > 1) return null;
  const words = wordsOf(value);
  const isThere = (at: number): boolean => isOverBefore(operations, at, self.calledAt);
  switch (views[stuck]?.object) {
    case 'queue': {
      const left = leftBehind(scene, (at) => isOverBefore(operations, at, inserted.calledAt));
      if (left === null) return null;
      return `${overBy(model, part, left)}, before the ${verb} of ${words} began, and ${nobodyTook}`;
    }
    case 'stack': {
      const above = leftBehind(
        scene,
        (at) => isThere(at) && (operations.calls[at] ?? 0) > inserted.returnedAt,
      );
      if (above === null) return null;
      return (
        `${overBy(model, part, above)}, before it began, and had begun after the ${verb} of ` +
        `${words} was over, and ${nobodyTook}`
      );
    }
    case 'priority-queue': {
      const smaller = leftBehind(scene, (at) => {
        const other = views[at];
        return isThere(at) && other?.kind === 'insert' && Number(other.value) < Number(value);
      });
      if (smaller === null) return null;
      return `${overBy(model, part, smaller)}, before it began, and ${nobodyTook}`;
    }
    default:
      return null;
  }
}

/** Who can have put the value in. */
function insertionsOf({ part, views, until }: Scene, value: Json): readonly number[] {
  return [...views.keys()].filter((at) => {
    const view = views[at];
    if (view?.kind !== 'insert' || !sameValue(view.value, value)) return false;
    return mayHaveBegunBy(part.operations, at, until);
  });
}

/** The last of some insertions whose value nobody can have taken out yet; null if there is none. */
function leftBehind(
  { part, views, until }: Scene,
  isMeant: (at: number) => boolean,
): number | null {
  const taken = new Set<string | number>();
  for (const [at, view] of views.entries()) {
    if (!mayHaveBegunBy(part.operations, at, until)) continue;
    if (view.kind === 'take') return null;
    if (view.kind === 'remove') taken.add(valueKey(view.value));
  }
  const left = views.findLastIndex(
    (view, at) => view.kind === 'insert' && !taken.has(valueKey(view.value)) && isMeant(at),
  );
  return left < 0 ? null : left;
}
