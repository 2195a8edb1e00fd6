import type { Model } from '../../models/model.ts';
import { type SetView, viewsAs } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { TimedOperation } from '../part.ts';
import { createWays } from './element-ways.ts';
import { mostOpenChanges } from './open-changes.ts';
import { createSweep, firstImpossible, returnsOf } from './sweep.ts';

/**
 * Decides one element of a set, whatever the values, by all ways in which it may have come and gone;
 * null when the operations are not of that kind, or when too many of them are open at once.
 *
 * The element is there or not. An `add` that finds it there changes nothing, so like a `contains` that
 * says so it only needs a moment in its time at which the element is there; a `remove` likewise. Each
 * change needs an `add` or `remove` of its own that is open then. `element-ways.ts` has which changes have to
 * be tried. There is one way to go on at nearly every return, so the cost is about that of sorting;
 * operations made to be hard can multiply the ways, hence the steps, which count them.
 */
export function createSetElement(
  model: Model,
  operations: readonly TimedOperation[],
): Decider | null {
  const views = viewsAs(model, 'set', operations);
  if (views === null) return null;
  const returns = returnsOf(operations);
  if (openTogether(operations, views, returns) > mostOpenChanges) return null;
  const ways = createWays(operations, views);
  const sweep = createSweep(operations, ways, returns);
  return {
    name: 'set-element',
    get steps() {
      return ways.steps;
    },
    stuck: () => sweep.upcoming(),
    run(maxSteps) {
      while (ways.steps < maxSteps) {
        const passed = sweep.next();
        if (passed !== true) return passed === null ? 'valid' : 'invalid';
      }
      return null;
    },
  };
}

/** How many additions and removals that returned were open together. */
function openTogether(
  operations: readonly TimedOperation[],
  views: readonly SetView[],
  returns: Uint32Array,
): number {
  let open = 0;
  let most = 0;
  const isCounted = (at: number): boolean =>
    views[at]?.kind !== 'contains' && operations[at]?.returnedAt !== Infinity;
  const visitor = {
    called(at: number): void {
      if (isCounted(at)) most = Math.max(most, ++open);
    },
    returned(at: number): boolean {
      if (isCounted(at)) open--;
      return true;
    },
  };
  firstImpossible(operations, visitor, returns);
  return most;
}
