import type { Crashed } from './crashed.ts';
import type { Timeline } from './timeline.ts';
import type { Window } from './window.ts';

/** Moves a window over a timeline. */
export interface TimelineCursor {
  readonly timeline: Timeline;
  /** Makes the window that of a level: everything called before its return is in, it is still open. */
  moveTo(level: number): void;
}

export function createCursor(timeline: Timeline, window: Window, crashed: Crashed): TimelineCursor {
  const { classOf, slotOf, returning, calledBefore } = timeline;
  /** The level that the window is at; -1 before the first call. */
  let level = -1;
  let called = 0;

  const enter = (operation: number): void => {
    const slot = slotOf[operation] as number;
    const operationClass = classOf[operation] as number;
    if (slot < 0) crashed.add(operationClass);
    else window.enter(slot, operationClass, operation);
  };
  const forward = (): void => {
    if (level >= 0) window.leave(slotOf[returning[level] as number] as number);
    level++;
    for (const end = calledBefore[level] as number; called < end; called++) enter(called);
  };
  const backward = (): void => {
    level--;
    for (const end = calledBefore[level] as number; called > end;) {
      const operation = --called;
      const slot = slotOf[operation] as number;
      if (slot < 0) crashed.remove(classOf[operation] as number);
      else window.leave(slot);
    }
    enter(returning[level] as number);
  };
  return {
    timeline,
    moveTo(target) {
      while (level < target) forward();
      while (level > target) backward();
    },
  };
}
