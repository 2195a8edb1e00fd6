import { stateField, strideOf, usedField } from './configuration.ts';
import { type ConfigurationSet, createConfigurationSet } from './configuration-set.ts';
import type { Crashed } from './crashed.ts';
import { createExpansion } from './expansion.ts';
import type { Ground } from './ground.ts';
import type { Window } from './window.ts';

/**
 * All configurations that explain the history so far, taken from return to return. Only one level is in
 * memory. The history up to the return at which none is left is not linearizable, the history before it
 * is.
 */
export interface Frontier {
  count(): number;
  rows(): Int32Array;
  bytes(): number;
  /** The indexes of those that no other one dominates. */
  live(): number[];
  /** Begins to pass the return of a slot. The window must hold everything called before. */
  begin(slot: number): void;
  /** The states that were possible before the return that was passed last. */
  statesBefore(): number[];
  /** Works on it until it is passed (true) or so many steps in all were taken (false). */
  advance(maxSteps: number): boolean;
}

export function createFrontier(
  ground: Ground,
  window: Window,
  crashed: Crashed,
  start: readonly Int32Array[] = [firstRow(ground, window)],
): Frontier {
  const { work } = ground;
  const stride = strideOf(window.words);
  const expansion = createExpansion(ground, window, crashed);
  /** Those that have not passed the return yet, and with it all before them. */
  const inner = createConfigurationSet(ground, window);
  let next = createConfigurationSet(ground, window);
  let current = createConfigurationSet(ground, window);
  let returning = -1;
  let cursor = 0;
  for (const row of start) current.offer(row, 0, 0);
  const sink = {
    pass: (row: Int32Array): void => void next.offer(row, 0, 0),
    push: (row: Int32Array): void => void inner.offer(row, 0, 0),
  };
  return {
    count: () => current.count(),
    rows: () => current.rows(),
    bytes: () => inner.bytes() + next.bytes() + current.bytes(),
    live: () => indexesOf(current).filter((index) => !current.isDominated(index)),
    statesBefore: () =>
      indexesOf(next).map((index) => next.rows()[index * stride + stateField] as number),
    begin(slot) {
      returning = slot;
      cursor = 0;
      inner.clear();
      next.clear();
      work.steps += current.count() + 1;
      const rows = current.rows();
      for (let index = 0; index < current.count(); index++) {
        if (current.isDominated(index)) continue;
        const at = index * stride;
        if (!expansion.passNow(rows, at, slot, sink)) inner.offer(rows, at, 0);
      }
    },
    advance(maxSteps) {
      for (; cursor < inner.count(); cursor++) {
        if (work.steps >= maxSteps) return false;
        if (inner.isDominated(cursor)) continue;
        work.steps++;
        expansion.expand(inner.rows(), cursor * stride, returning, sink);
      }
      [current, next] = [next, current];
      return true;
    },
  };
}

function indexesOf(set: ConfigurationSet): number[] {
  return Array.from({ length: set.count() }, (_, index) => index);
}

function firstRow({ transitions, usedSets }: Ground, { words }: Window): Int32Array {
  const row = new Int32Array(strideOf(words));
  row[stateField] = transitions.initial;
  row[usedField] = usedSets.none;
  return row;
}
