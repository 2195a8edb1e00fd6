import type { Clock } from '../core/clock.ts';
import type { HistoryEvent } from '../core/event.ts';
import type { Draw, OpGenerator } from '../core/generator.ts';
import type { Rng } from '../core/rng.ts';

/** Hands a generator's operations to workers, one at a time, each when it is due. */
export interface OpSource {
  /** The next operation for this worker, or null when there will be none for it. */
  take(worker: number): Promise<Draw | null>;
  /** How many operations were due before a moment but were never asked for. Only after the end. */
  overdue(untilNs: number): number;
  update(event: HistoryEvent): void;
  /** No more operations: waiting workers get null. */
  stop(): void;
}

export interface OpSourceOptions {
  readonly generator: OpGenerator;
  readonly clock: Clock;
  /** The run's clock, against which due times are given. */
  readonly nowNs: () => number;
  readonly rng: Rng;
  readonly workers: number;
  /** Operations after which it is at its end; 0 is no limit. */
  readonly maxOps: number;
}

export function opSource(options: OpSourceOptions): OpSource {
  const { clock, nowNs, rng, workers } = options;
  let { generator } = options;
  let handedOut = 0;
  const everyWorker = Array.from({ length: workers }, (_, worker) => worker);
  let isOver = false;
  // Asked anew each time: it changes while something is awaited.
  const stopped = (): boolean => isOver;
  /** Those who wait for an operation to be due, and those who wait for any event. */
  const early: Sleepers = new Set();
  const idle: Sleepers = new Set();

  const sleepUntil = (untilNs: number, sleepers: Sleepers): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        callOff();
        sleepers.delete(wake);
        resolve();
      };
      const callOff = clock.after(Math.max(0, (untilNs - nowNs()) / 1e6), wake);
      sleepers.add(wake);
    });

  return {
    async take(worker) {
      while (!stopped()) {
        if (options.maxOps > 0 && handedOut >= options.maxOps) return null;
        const next = generator.next({ timeNs: nowNs(), free: [worker], workers, rng });
        if (next.kind === 'done') return null;
        generator = next.then;
        if (next.kind === 'pending') {
          await sleepUntil(next.untilNs ?? nowNs() + longWaitNs, idle);
          continue;
        }
        handedOut++;
        const dueNs = next.draw.dueNs ?? 0;
        while (!stopped() && dueNs > nowNs()) await sleepUntil(dueNs, early);
        return stopped() ? null : next.draw;
      }
      return null;
    },
    overdue(untilNs) {
      let count = 0;
      for (let rest = generator; ; count++) {
        const next = rest.next({ timeNs: untilNs - 1, free: everyWorker, workers, rng });
        if (next.kind !== 'op' || (next.draw.dueNs ?? untilNs) >= untilNs) return count;
        rest = next.then;
      }
    },
    update(event) {
      const before = generator;
      generator = generator.update(event);
      if (generator !== before) wakeAll(idle);
    },
    stop() {
      isOver = true;
      wakeAll(early);
      wakeAll(idle);
    },
  };
}

type Sleepers = Set<() => void>;

function wakeAll(sleepers: Sleepers): void {
  for (const wake of [...sleepers]) wake();
}

/** A generator that says nothing of when to ask again is asked after any event, or after this. */
const longWaitNs = 100e6;
