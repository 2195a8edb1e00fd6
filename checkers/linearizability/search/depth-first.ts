import { strideOf } from './configuration.ts';
import { createConfigurationSet } from './configuration-set.ts';
import type { Crashed } from './crashed.ts';
import type { TimelineCursor } from './cursor.ts';
import { createExpansion } from './expansion.ts';
import type { Ground } from './ground.ts';
import { createPile } from './pile.ts';
import { createPreference } from './preference.ts';
import type { Window } from './window.ts';

/**
 * Follows one explanation of the history as far as it goes, and takes back the last choice where it does
 * not go on. It finds an explanation among very many sooner than the frontier, and shows that there is
 * none later.
 */
export interface Dive {
  bytes(): number;
  /** The most returns that a configuration looked at has passed. */
  farthest(): number;
  /** Begins from these configurations of a level. */
  start(level: number, rows: Int32Array, indexes: readonly number[]): void;
  /** Null when so many steps in all were taken. */
  run(maxSteps: number): 'valid' | 'invalid' | null;
}

/** Where a dive is: a window, what crashed so far, and what moves both over the timeline. */
export interface Seat {
  readonly window: Window;
  readonly crashed: Crashed;
  readonly cursor: TimelineCursor;
}

export function createDive(ground: Ground, { window, crashed, cursor }: Seat): Dive {
  const { work } = ground;
  const { timeline } = cursor;
  const expansion = createExpansion(ground, window, crashed);
  const preference = createPreference(ground, timeline, window.words);
  /** Those that were expanded: they failed, or led to where the dive is now. */
  const tried = createConfigurationSet(ground, window);
  const stack = createPile(window.words);
  const children = createPile(window.words);
  const stride = strideOf(window.words);
  const row = new Int32Array(stride);
  let level = 0;
  let farthest = 0;
  const sink = {
    pass: (child: Int32Array): void => children.push(child, 0, level + 1),
    push: (child: Int32Array): void => children.push(child, 0, level),
  };
  const visit = (): void => {
    work.steps++;
    cursor.moveTo(level);
    const slot = timeline.slotOf[timeline.returning[level] as number] as number;
    children.clear();
    if (!expansion.passNow(row, 0, slot, sink) && tried.offer(row, 0, level)) {
      expansion.expand(row, 0, slot, sink);
    }
    if (children.height === 0) return;
    for (const index of preference.order(children, level)) {
      stack.push(children.rows, index * stride, children.levelAt(index));
    }
  };
  return {
    farthest: () => farthest,
    bytes: () => tried.bytes() + stack.bytes(),
    start(from, rows, indexes) {
      farthest = from;
      for (const index of indexes) stack.push(rows, index * stride, from);
    },
    run(maxSteps) {
      while (stack.height > 0) {
        if (work.steps >= maxSteps) return null;
        level = stack.pop(row);
        farthest = Math.max(farthest, level);
        if (level === timeline.levels) return 'valid';
        visit();
      }
      return 'invalid';
    },
  };
}
