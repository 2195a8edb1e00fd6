import { doneField, grown, hasBit, stateField, strideOf, usedField } from './configuration.ts';
import { createConfigurationSet } from './configuration-set.ts';
import type { Crashed } from './crashed.ts';
import { createExpansion } from './expansion.ts';
import type { Ground } from './ground.ts';
import { operationKind } from './operation-classes.ts';
import type { TimelineCursor } from './cursor.ts';
import { impossible } from './transitions.ts';
import type { Window } from './window.ts';

/**
 * Follows one explanation of the history as far as it goes, and takes back the last choice where it does
 * not go on. It finds an explanation among very many sooner than the frontier, and shows that there is
 * none later.
 */
export interface Dive {
  readonly bytes: number;
  /** The most returns that a configuration looked at has passed. */
  readonly farthest: number;
  /** Begins from these configurations of a level. */
  start(level: number, rows: Int32Array, indexes: readonly number[]): void;
  /** Null when so many steps in all were taken. */
  run(maxSteps: number): 'valid' | 'invalid' | null;
}

/** Returns looked at for the next operation that wants something of the state. */
const lookAhead = 8;

export function createDive(
  ground: Ground,
  window: Window,
  crashed: Crashed,
  cursor: TimelineCursor,
): Dive {
  const { transitions, usedSets, classes, work } = ground;
  const { timeline } = cursor;
  const stride = strideOf(window.words);
  const expansion = createExpansion(ground, window, crashed);
  const tried = createConfigurationSet(ground, window);
  const row = new Int32Array(stride);
  let stack = new Int32Array(64 * stride);
  let stackLevels = new Int32Array(64);
  let height = 0;
  let farthest = 0;

  const push = (from: Int32Array, at: number, level: number): void => {
    if (height === stackLevels.length) {
      stackLevels = grown(stackLevels, height + 1);
      stack = grown(stack, stackLevels.length * stride);
    }
    stackLevels[height] = level;
    const start = height++ * stride;
    for (let field = 0; field < stride; field++) stack[start + field] = from[at + field] as number;
  };

  /** What the configuration that is expanded leads to, to be put in order. */
  let children = new Int32Array(16 * stride);
  let childCount = 0;
  let childLevels: number[] = [];
  const keep = (from: Int32Array, level: number): void => {
    if ((childCount + 1) * stride > children.length) {
      children = grown(children, (childCount + 1) * stride);
    }
    for (let field = 0; field < stride; field++) {
      children[childCount * stride + field] = from[field] as number;
    }
    childLevels[childCount++] = level;
  };
  let level = 0;
  const sink = {
    pass: (from: Int32Array): void => keep(from, level + 1),
    push: (from: Int32Array): void => keep(from, level),
  };

  return {
    get farthest() {
      return farthest;
    },
    get bytes() {
      return tried.bytes + 4 * (stack.length + stackLevels.length);
    },
    start(from, rows, indexes) {
      farthest = from;
      for (const index of indexes) push(rows, index * stride, from);
    },
    run(maxSteps) {
      while (height > 0) {
        if (work.steps >= maxSteps) return null;
        height--;
        level = stackLevels[height] as number;
        row.set(stack.subarray(height * stride, (height + 1) * stride));
        if (level > farthest) farthest = level;
        if (level === timeline.levels) return 'valid';
        visit();
      }
      return 'invalid';
    },
  };

  function visit(): void {
    work.steps++;
    cursor.moveTo(level);
    const slot = timeline.slotOf[timeline.returning[level] as number] as number;
    expansion.settle(row, 0);
    childCount = 0;
    if (!expansion.passNow(row, 0, slot, sink) && tried.offer(row, 0, level)) {
      expansion.expand(row, 0, slot, sink);
    }
    handOver();
  }

  /** The best goes on top: what passed the return, fewest crashed used, the wanted state. */
  function handOver(): void {
    if (childCount === 0) return;
    if (childCount === 1) {
      push(children, 0, childLevels[0] as number);
      return;
    }
    const scores = new Float64Array(childCount);
    for (let index = 0; index < childCount; index++) scores[index] = scoreOf(index);
    const order = Array.from(scores.keys()).sort(
      (one, other) => (scores[one] as number) - (scores[other] as number),
    );
    for (const index of order) push(children, index * stride, childLevels[index] as number);
  }

  function scoreOf(index: number): number {
    const at = index * stride;
    const own = childLevels[index] as number;
    const passed = own > level ? 1e6 : 0;
    const used = usedSets.sizeOf(children[at + usedField] as number);
    return passed - 4 * used + (hasWantedState(at, own) ? 3 : 0);
  }

  /** Whether the next operation to return that is not done and not blind could happen at once. */
  function hasWantedState(at: number, from: number): boolean {
    const called = timeline.calledBefore[level] as number;
    for (let next = from; next < Math.min(from + lookAhead, timeline.levels); next++) {
      const operation = timeline.returning[next] as number;
      const slot = timeline.slotOf[operation] as number;
      if (operation < called && hasBit(children, at + doneField, slot)) continue;
      const operationClass = timeline.classOf[operation] as number;
      if (classes.kindOf(operationClass) === operationKind.blind) continue;
      const state = children[at + stateField] as number;
      return transitions.next(state, operationClass) !== impossible;
    }
    return false;
  }
}
