import type { Clock } from '../core/clock.ts';
import type { VirtualTime } from '../core/system.ts';
import { type QueuedEvent, eventQueue } from './event-queue.ts';
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
  /** Runs the action after this long. */
  after(delayNs: number, act: () => void): void;
  /** Runs the action after this long, unless what it returns is called before. */
  timer(delayNs: number, act: () => void): () => void;
  /**
   * For actions that neither settle a promise nor begin what awaits one: the next event may follow at
   * once. Most are such, and whether any promise can go on is dear to find out.
   */
  readonly quietly: Pick<Simulation, 'after' | 'timer'>;
  /** What such an action calls where it did so after all. */
  stir(): void;
  /** Runs the action when the event under way is over, before time moves on. */
  soon(act: () => void): void;
}

export interface SimulationOptions {
  readonly trace?: Trace | undefined;
  /**
   * Believes no event that it is quiet. Then a run takes longer and does the same, unless one is less
   * quiet than it says: for finding those.
   */
  readonly isWary?: boolean;
}

/** After so many quiet events Node.js has its turn all the same. */
const mostQuiet = 64;

/** More events than this under way at once beget more than they are, and would never end. */
const mostEvents = 1_000_000;

export function simulation({ trace, isWary = false }: SimulationOptions = {}): Simulation {
  const queue = eventQueue();
  const ready = actions();
  let nowNs = 0;
  let events = 0;
  /** Promises may have something to go on with. */
  let isStirred = true;

  const lineUp = (isQuiet: boolean): Pick<Simulation, 'after' | 'timer'> => {
    // Rounded up: whoever waits for a moment between two nanoseconds must not wake before it.
    const add = (delayNs: number, act: () => void): QueuedEvent =>
      queue.add(nowNs + Math.max(0, Math.ceil(delayNs)), act, isQuiet);
    return {
      after: (delayNs, act) => void add(delayNs, act),
      timer(delayNs, act) {
        const event = add(delayNs, act);
        return () => void (event.act = null);
      },
    };
  };
  const { after, timer } = lineUp(false);

  /** One event, and all that is to be done before time moves on. */
  const step = (): void => {
    isStirred = true;
    // What promises left to do after the last event is still of its moment, and not of the next.
    if (ready.doAll()) return;
    const event = queue.take();
    if (event === undefined) {
      throw new Error('the simulation stands still: what it awaits is of no virtual time');
    }
    nowNs = event.timeNs;
    isStirred = isWary || !event.isQuiet;
    events++;
    trace?.event(events, nowNs);
    event.act?.();
    ready.doAll();
    if (queue.size > mostEvents) {
      throw new Error(`expected at most ${mostEvents} events under way, got ${queue.size}`);
    }
  };

  return {
    clock: clockOf(() => nowNs, timer),
    nowNs: () => nowNs,
    events: () => events,
    trace,
    after,
    timer,
    quietly: lineUp(true),
    stir: () => void (isStirred = true),
    soon: (act) => ready.add(act),
    async run(work) {
      let isOver = false;
      const result = work().finally(() => (isOver = true));
      // Nobody awaits it yet, and a rejection must wait until somebody does.
      result.catch(() => undefined);
      await whenSettled(() => {
        for (let quiet = 0; !isOver && quiet < mostQuiet; quiet++) {
          step();
          if (isStirred) break;
        }
        return isOver;
      });
      return result;
    },
  };
}

/** Actions in the order in which they are to be done. Its room is used again: each event asks for some. */
function actions(): { add(act: () => void): void; doAll(): boolean } {
  const waiting: ((() => void) | undefined)[] = [];
  let first = 0;
  let end = 0;
  return {
    add: (act) => void (waiting[end++] = act),
    /** Also those that are added meanwhile. False when there were none. */
    doAll() {
      if (end === 0) return false;
      while (first < end) {
        const act = waiting[first];
        waiting[first++] = undefined;
        act?.();
      }
      first = 0;
      end = 0;
      return true;
    },
  };
}

function clockOf(nowNs: () => number, timer: Simulation['timer']): Clock {
  return {
    nowNs,
    after: (delayMs, act) => timer(delayMs * 1e6, act),
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
        const callOff = timer(delayMs * 1e6, end);
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
