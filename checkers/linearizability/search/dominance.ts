import { doneField, usedField } from './configuration.ts';
import type { UsedSets } from './used-sets.ts';
import type { Window } from './window.ts';

/** Whether the first of two rows of one group dominates the second. */
export type Dominance = (one: Int32Array, from: number, other: Int32Array, to: number) => boolean;

/**
 * One configuration *dominates* another when whatever the other could be continued with, it could be
 * continued with too, so that the other need not be looked at. So it is when, at the same level and in
 * the same state,
 * - it has all reads done that the other has done: they only remove obligations,
 * - the same updates are done: one that is not may still be needed, or still be wanted,
 * - each blind operation is at least as well off, where droppable is better than both done and not
 *   done, because it may still happen and need not, and the two others cannot be compared,
 * - and it has used no crashed operation that the other has not.
 */
export function createDominance({ words, reads, blinds }: Window, usedSets: UsedSets): Dominance {
  const droppableField = doneField + words;
  return (one, from, other, to) => {
    for (let word = 0; word < words; word++) {
      const done = one[from + doneField + word] as number;
      const droppable = one[from + droppableField + word] as number;
      const otherDone = other[to + doneField + word] as number;
      const otherDroppable = other[to + droppableField + word] as number;
      const blind = blinds[word] as number;
      const worse =
        (otherDone & (reads[word] as number) & ~done) |
        (otherDone & blind & ~(done | droppable)) |
        (done & blind & ~otherDone) |
        (otherDroppable & ~droppable);
      if (worse !== 0) return false;
    }
    return usedSets.within(one[from + usedField] as number, other[to + usedField] as number);
  };
}
