import type { Model } from '../../models/model.ts';
import type { Decider } from '../decider.ts';
import { createExchangeCursor, nothing } from '../exchanges.ts';
import type { Operations } from '../operations.ts';
import { createWays } from './element-ways.ts';
import { type ElementUses, mostOpenChanges } from './open-changes.ts';
import { createSweep, returnsOf } from './sweep.ts';

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
export function createSetElement(model: Model, operations: Operations): Decider | null {
  const uses = usesOf(model, operations);
  if (uses === null) return null;
  const returns = returnsOf(operations);
  if (openTogether(operations, uses, returns) > mostOpenChanges) return null;
  const ways = createWays(operations, uses);
  const sweep = createSweep(operations, ways, returns);
  return {
    name: 'set-element',
    steps: () => ways.steps(),
    stuck: () => sweep.upcoming(),
    run(maxSteps) {
      while (ways.steps() < maxSteps) {
        const passed = sweep.next();
        if (passed !== true) return passed === null ? 'valid' : 'invalid';
      }
      return null;
    },
  };
}

/** Null when some operation is none on an element of a set. */
function usesOf(model: Model, operations: Operations): ElementUses | null {
  const wants = new Uint8Array(operations.length);
  const isChange = new Uint8Array(operations.length);
  const exchange = createExchangeCursor(model, 'set', operations);
  for (let at = 0; at < operations.length; at++) {
    if (!exchange.goTo(at)) return null;
    isChange[at] = exchange.left === nothing ? 0 : 1;
    wants[at] = exchange.left === nothing ? exchange.found : exchange.left;
  }
  return { wants, isChange };
}

/** How many additions and removals that returned were open together. */
function openTogether(
  { length, calls, returns }: Operations,
  { isChange }: ElementUses,
  order: Uint32Array,
): number {
  let [open, most, passed] = [0, 0, 0];
  for (let at = 0; at < length; at++) {
    if (isChange[at] === 0 || returns[at] === Infinity) continue;
    for (; passed < order.length; passed++) {
      const first = order[passed] as number;
      if ((returns[first] as number) >= (calls[at] as number)) break;
      if (isChange[first] === 1) open--;
    }
    most = Math.max(most, ++open);
  }
  return most;
}
