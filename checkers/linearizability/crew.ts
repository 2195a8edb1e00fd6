import type { Model } from '../models/model.ts';
import { type Algorithm, createDecider } from './algorithm.ts';
import { type Decider, type Decision, decisionOf } from './decider.ts';
import { createMonitor } from './monitors/index.ts';
import type { Operations } from './operations.ts';
import { pause } from './pause.ts';

/** One part to be decided. */
export interface Job {
  /** The part's place among all. */
  readonly at: number;
  readonly operations: Operations;
  /** `monitor`: one made for operations of such a kind, or nothing where there is none. */
  readonly algorithm: Algorithm | 'monitor';
  readonly maxSteps: number;
  readonly maxMemoryMb: number;
}

/** Whoever does the work: this thread, or several others. A job's decision is the same with each. */
export interface Crew {
  /**
   * Reports each decision as it comes, in any order, and none of a job that nothing is made for;
   * returns early once the signal aborts.
   */
  decide(
    jobs: readonly Job[],
    report: (job: Job, decision: Decision) => void,
    signal: AbortSignal,
  ): Promise<void>;
  dismiss(): Promise<void>;
}

/** Steps between two looks at the outside world: some milliseconds. */
const slice = 50_000;

/** So many searches stay in memory for the next round; the others begin again then. */
const mostUnderWay = 16;

/**
 * Works in this thread, with a pause now and then so that timers and signals have their turn. A job that
 * comes again with more steps goes on where it was left, and counts as if it had begun again.
 */
export function createCrewOfOne(model: Model): Crew {
  const underWay = new Map<number, Decider>();
  const settle = (job: Job, decider: Decider, result: 'valid' | 'invalid' | null): Decision => {
    if (result !== null) underWay.delete(job.at);
    else if (underWay.size < mostUnderWay) underWay.set(job.at, decider);
    return decisionOf(decider, result);
  };
  return {
    async decide(jobs, report, signal) {
      let untilPause = slice;
      for (const job of jobs) {
        const decider = underWay.get(job.at) ?? deciderFor(model, job);
        if (decider === null) continue;
        for (;;) {
          const before = decider.steps();
          const result = decider.run(Math.min(job.maxSteps, before + untilPause));
          untilPause -= decider.steps() - before;
          if (result !== null || decider.steps() >= job.maxSteps || decider.isFull?.() === true) {
            report(job, settle(job, decider, result));
            break;
          }
          if (untilPause <= 0) {
            await pause();
            untilPause = slice;
          }
          if (signal.aborted) {
            report(job, decisionOf(decider, null));
            return;
          }
        }
      }
    },
    dismiss: () => {
      underWay.clear();
      return Promise.resolve();
    },
  };
}

export function deciderFor(
  model: Model,
  { operations, algorithm, maxMemoryMb }: Job,
): Decider | null {
  return algorithm === 'monitor'
    ? createMonitor(model, operations)
    : createDecider(model, operations, algorithm, maxMemoryMb);
}

/** Works without pauses until the steps are used up. */
export function decideNow(decider: Decider, maxSteps: number): Decision {
  return decisionOf(decider, decider.run(maxSteps));
}
