import { doneField, hasBit, stateField, strideOf, usedField } from './configuration.ts';
import type { Ground } from './ground.ts';
import { operationKind } from './operation-classes.ts';
import type { Pile } from './pile.ts';
import type { Timeline } from './timeline.ts';
import { impossible } from './transitions.ts';

/** Which of the configurations that follow from one of a level is to be looked at first. */
export interface Preference {
  /** The indexes in a pile, the best one last. */
  order(children: Pile, level: number): readonly number[];
}

/** Returns looked at for the next operation that wants something of the state. */
const lookAhead = 8;

/**
 * The return of the level is passed rather than not; then the fewer crashed operations are used the
 * better, so that they are there when one is needed; then the state in which the next operation can
 * return that needs a certain state.
 */
export function createPreference(ground: Ground, timeline: Timeline, words: number): Preference {
  const { classes, transitions, usedSets } = ground;
  const { returning, slotOf, classOf, calledBefore, levels } = timeline;
  const stride = strideOf(words);

  const hasWantedState = (rows: Int32Array, at: number, from: number, called: number): boolean => {
    for (let level = from; level < Math.min(from + lookAhead, levels); level++) {
      const operation = returning[level] as number;
      const isOpen = operation < called;
      if (isOpen && hasBit(rows, at + doneField, slotOf[operation] as number)) continue;
      const operationClass = classOf[operation] as number;
      if (classes.kindOf(operationClass) === operationKind.blind) continue;
      return transitions.next(rows[at + stateField] as number, operationClass) !== impossible;
    }
    return false;
  };
  const scoreOf = (children: Pile, index: number, level: number): number => {
    const at = index * stride;
    const { rows } = children;
    const used = usedSets.sizeOf(rows[at + usedField] as number);
    const reached = children.levelAt(index);
    const called = calledBefore[level] as number;
    const wanted = hasWantedState(rows, at, reached, called) ? 3 : 0;
    return (reached - level) * 1e6 - 4 * used + wanted;
  };
  return {
    order(children, level) {
      if (children.height === 1) return [0];
      const all = Array.from({ length: children.height }, (_, index) => index);
      const scores = all.map((index) => scoreOf(children, index, level));
      return all.sort((one, other) => (scores[one] as number) - (scores[other] as number));
    },
  };
}
