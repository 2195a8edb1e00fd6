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
  const ended = new AbortController();
  let pulse = new AbortController();
  const stopped = (): boolean => ended.signal.aborted;

  const wake = (): void => {
    const waiting = pulse;
    pulse = new AbortController();
    waiting.abort();
  };

  const waitUntil = async (untilNs: number, signal: AbortSignal): Promise<void> => {
    await clock.sleep(Math.max(0, (untilNs - nowNs()) / 1e6), signal);
  };

  return {
    async take(worker) {
      while (!stopped()) {
        if (options.maxOps > 0 && handedOut >= options.maxOps) return null;
        const next = generator.next({ timeNs: nowNs(), free: [worker], workers, rng });
        if (next.kind === 'done') return null;
        generator = next.then;
        if (next.kind === 'pending') {
          await waitUntil(next.untilNs ?? nowNs() + longWaitNs, pulse.signal);
          continue;
        }
        handedOut++;
        const dueNs = next.draw.dueNs ?? 0;
        while (!stopped() && dueNs > nowNs()) await waitUntil(dueNs, ended.signal);
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
      if (generator !== before) wake();
    },
    stop() {
      ended.abort();
      wake();
    },
  };
}

/** A generator that says nothing of when to ask again is asked after any event, or after this. */
const longWaitNs = 100e6;
