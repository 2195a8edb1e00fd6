import type { Clock } from '../core/clock.ts';
import type { VirtualTime } from '../core/system.ts';
import { eventQueue } from './event-queue.ts';

/**
 * One ordered queue of events, and a clock that stands still while anything is left to do. Whoever
 * uses only this time, and draws only from seeds, does the same in every run.
 */
export interface Simulation extends VirtualTime {
  readonly nowNs: () => number;
  /** Events so far. */
  readonly events: () => number;
  /** Runs the action after this long, unless what it returns is called before. */
  after(delayNs: number, act: () => void): () => void;
  /** Runs the action when the event under way is over, before time moves on. */
  soon(act: () => void): void;
}

/** More events than this under way at once beget more than they are, and would never end. */
const mostEvents = 1_000_000;

export function simulation(): Simulation {
  const queue = eventQueue();
  const ready: (() => void)[] = [];
  let nowNs = 0;
  let events = 0;

  // Rounded up: whoever waits for a moment between two nanoseconds must not wake before it.
  const after = (delayNs: number, act: () => void): (() => void) => {
    const event = queue.add(nowNs + Math.max(0, Math.ceil(delayNs)), act);
    return () => void (event.act = null);
  };

  const clock: Clock = {
    nowNs: () => nowNs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = (): void => {
          cancel();
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const cancel = after(delayMs * 1e6, end);
        signal?.addEventListener('abort', end, { once: true });
      }),
  };

  /** One event, and all that is to be done before time moves on. */
  const step = (): void => {
    const event = queue.take();
    if (event === undefined) {
      throw new Error('the simulation stands still: what it awaits is of no virtual time');
    }
    if (event.act === null) return;
    nowNs = event.timeNs;
    events++;
    event.act();
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) next();
    if (queue.size > mostEvents) {
      throw new Error(`expected at most ${mostEvents} events under way, got ${queue.size}`);
    }
  };

  return {
    clock,
    nowNs: () => nowNs,
    events: () => events,
    after,
    soon: (act) => void ready.push(act),
    async run(work) {
      let isOver = false;
      const result = work().finally(() => (isOver = true));
      // Nobody awaits it yet, and a rejection must wait until somebody does.
      result.catch(() => undefined);
      while (await settled(() => isOver)) step();
      return result;
    },
  };
}

/**
 * Waits until every promise that can go on has gone on; then tells whether the work still runs. Node.js
 * does all of that before it turns to its next event, which is the only real time in here.
 */
async function settled(isOver: () => boolean): Promise<boolean> {
  await new Promise(setImmediate);
  return !isOver();
}
