import type { Clock } from '../core/clock.ts';
import type { VirtualTime } from '../core/system.ts';
import { eventQueue } from './event-queue.ts';
import type { Trace } from './trace.ts';

/**
 * One ordered queue of events, and a clock that stands still while anything is left to do. Whoever
 * uses only this time, and draws only from seeds, does the same in every run.
 */
export interface Simulation extends VirtualTime {
  readonly nowNs: () => number;
  /** Events so far. */
  readonly events: () => number;
  /** Told of all that happens; nobody listens where absent. */
  readonly trace: Trace | undefined;
  /** Runs the action after this long, unless what it returns is called before. */
  after(delayNs: number, act: () => void): () => void;
  /** Runs the action when the event under way is over, before time moves on. */
  soon(act: () => void): void;
}

/** More events than this under way at once beget more than they are, and would never end. */
const mostEvents = 1_000_000;

export function simulation(trace?: Trace): Simulation {
  const queue = eventQueue();
  const ready: (() => void)[] = [];
  let nowNs = 0;
  let events = 0;

  // Rounded up: whoever waits for a moment between two nanoseconds must not wake before it.
  const after = (delayNs: number, act: () => void): (() => void) => {
    const event = queue.add(nowNs + Math.max(0, Math.ceil(delayNs)), act);
    return () => void (event.act = null);
  };

  const doWhatIsReady = (): void => {
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) next();
  };

  /** One event, and all that is to be done before time moves on. */
  const step = (): void => {
    if (ready.length > 0) {
      // What promises left to do after the last event is still of its moment, and not of the next.
      doWhatIsReady();
      return;
    }
    const event = queue.take();
    if (event === undefined) {
      throw new Error('the simulation stands still: what it awaits is of no virtual time');
    }
    nowNs = event.timeNs;
    events++;
    trace?.event(events, nowNs);
    event.act?.();
    doWhatIsReady();
    if (queue.size > mostEvents) {
      throw new Error(`expected at most ${mostEvents} events under way, got ${queue.size}`);
    }
  };

  return {
    clock: clockOf(() => nowNs, after),
    nowNs: () => nowNs,
    events: () => events,
    trace,
    after,
    soon: (act) => void ready.push(act),
    async run(work) {
      let isOver = false;
      const result = work().finally(() => (isOver = true));
      // Nobody awaits it yet, and a rejection must wait until somebody does.
      result.catch(() => undefined);
      await whenSettled(() => {
        if (!isOver) step();
        return isOver;
      });
      return result;
    },
  };
}

function clockOf(nowNs: () => number, after: Simulation['after']): Clock {
  return {
    nowNs,
    after: (delayMs, act) => after(delayMs * 1e6, act),
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = (): void => {
          callOff();
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const callOff = after(delayMs * 1e6, end);
        signal?.addEventListener('abort', end, { once: true });
      }),
  };
}

/** So many turns are lined up at once; between two such lines Node.js asks the kernel for news. */
const lineLength = 64;

/**
 * Calls `step` until it says that all is over, each time after every promise that can go on has gone
 * on. Node.js sees to that between two immediates, which are the only real time in here.
 */
function whenSettled(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const turn = (): void => {
      if (isOver) return;
      try {
        isOver = step();
        if (isOver) resolve();
      } catch (error) {
        isOver = true;
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const line = (): void => {
      turn();
      if (isOver) return;
      for (let place = 1; place < lineLength; place++) setImmediate(turn);
      setImmediate(line);
    };
    setImmediate(line);
  });
}
