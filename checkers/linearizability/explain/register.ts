import type { Json } from '../../../core/json.ts';
import type { Model } from '../../models/model.ts';
import { sameValue, wordsOf } from '../../models/value.ts';
import { viewsAs } from '../../models/view.ts';
import { timedAt } from '../operations.ts';
import type { Part } from '../part.ts';
import { overBy } from '../wording.ts';
import { isOverBefore, mayHaveBegunBy } from './timing.ts';

/** What an operation on a register found there and left behind; undefined where nothing is said. */
interface Access {
  readonly found?: Json;
  readonly left?: Json;
}

/** A value that nobody wrote, or one that another had taken the place of for good. */
export function registerContradiction(model: Model, part: Part, stuck: number): string | null {
  const views = viewsAs(model, 'register', part.operations);
  if (views === null) return null;
  const accesses = views.map((view): Access => {
    if (view.kind === 'read') return { found: view.value };
    return view.kind === 'write' ? { left: view.value } : { found: view.from, left: view.to };
  });
  const value = accesses[stuck]?.found;
  if (value === undefined) return null;
  const against = againstFinding(accesses, part, { stuck, init: model.init as Json });
  if (against === null) return null;
  if (against === 'unwritten') {
    return `nobody had begun to write ${wordsOf(value)} before it returned, except where that failed`;
  }
  return (
    `${overBy(model, part, against)}, before it began, ` +
    `and nobody has written the older value since`
  );
}

/** An element of a set is a register that holds whether it is there. */
export function setContradiction(model: Model, part: Part, stuck: number): string | null {
  const views = viewsAs(model, 'set', part.operations);
  if (views === null) return null;
  const accesses = views.map((view): Access => {
    return view.kind === 'contains' ? { found: view.present } : { left: view.kind === 'add' };
  });
  const present = accesses[stuck]?.found;
  if (present === undefined) return null;
  const against = againstFinding(accesses, part, { stuck, init: false });
  if (against === null) return null;
  if (against === 'unwritten')
    return 'nobody had begun to add it before it returned, except where that failed';
  const undone = present === true ? 'added' : 'removed';
  return `${overBy(model, part, against)}, before it began, and nobody has ${undone} it since`;
}

/**
 * What speaks against the value that an operation found: that nobody wrote it; or an operation over
 * before which found or left another, called after everyone who writes the value was done.
 */
function againstFinding(
  accesses: readonly Access[],
  { operations }: Part,
  { stuck, init }: { readonly stuck: number; readonly init: Json },
): number | 'unwritten' | null {
  const [self, value] = [timedAt(operations, stuck), accesses[stuck]?.found];
  if (self === undefined || value === undefined) return null;
  const writers = [...accesses.keys()].filter((at) => {
    const left = accesses[at]?.left;
    if (at === stuck || left === undefined || !sameValue(left, value)) return false;
    return mayHaveBegunBy(operations, at, self.returnedAt);
  });
  if (writers.length === 0 && !sameValue(init, value)) return 'unwritten';
  // From here on nobody who writes the value is at work, as far as the operation can have seen.
  const since = Math.max(-1, ...writers.map((at) => operations.returns[at] ?? Infinity));
  const witness = [...accesses.keys()].findLast((at) => {
    const other = accesses[at]?.left ?? accesses[at]?.found;
    if (at === stuck || other === undefined || sameValue(other, value)) return false;
    return (operations.calls[at] ?? 0) > since && isOverBefore(operations, at, self.calledAt);
  });
  return witness ?? null;
}
