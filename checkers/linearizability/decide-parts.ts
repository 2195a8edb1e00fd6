import type { Model } from '../models/model.ts';
import type { Algorithm } from './algorithm.ts';
import { type Crew, type Job, createCrewOfOne } from './crew.ts';
import type { Decision } from './decider.ts';
import type { Part } from './part.ts';
import { createCrewOfThreads } from './workers.ts';

export interface DecideOptions {
  readonly algorithm: Algorithm;
  /** For all parts together. */
  readonly maxSteps: number;
  /** For each part that is under way. */
  readonly maxMemoryMb: number;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

export interface Decisions {
  /** In the order of the parts; null for a part that nobody came to before the signal. */
  readonly decisions: readonly (Decision | null)[];
  /** Whether the signal ended the work with parts left undecided. */
  readonly stopped: boolean;
}

/**
 * Steps that every part gets in this thread before any gets more: a few, since one that fails decides for
 * all; then enough for most, which is less work than sending them to threads.
 */
const firstGlance = 2_000;
const lastGlance = 100_000;

function glanceAfter(tried: number): number {
  if (tried === 0) return firstGlance;
  return tried < lastGlance ? lastGlance : Infinity;
}

/**
 * Decides every part, in rounds. In the first, those that a monitor is made for get it, since that
 * takes no search; in the second, each of the others gets a glance, both in this thread. In the next ones
 * those that are left share the remaining steps equally, spread over threads if there are any, and
 * begin again from the start; as long as that is at least twice what they had before, so beginning
 * again costs no more than half the steps, and a hard part can have what the easy ones did not use.
 * The rounds are the same for any number of threads, so the decisions are.
 */
export async function decideParts(
  model: Model,
  parts: readonly Part[],
  options: DecideOptions,
): Promise<Decisions> {
  const { algorithm, signal, threads, maxMemoryMb } = options;
  const decisions: (Decision | null)[] = parts.map(() => null);
  const undecided = (): number[] =>
    [...decisions.keys()].filter((at) => (decisions[at]?.valid ?? 'unknown') === 'unknown');
  /** One part that fails decides for all. What else is wrong is not worth a long search. */
  const isConvicted = (): boolean => decisions.some((each) => each?.valid === 'invalid');
  /** Those for which more steps may do. */
  const open = (): number[] => undecided().filter((at) => decisions[at]?.isFull !== true);
  let stepsLeft = options.maxSteps;
  let done = 0;
  let crew: Crew = createCrewOfOne(model);
  try {
    if (algorithm === 'auto') {
      const share = Math.min(Math.floor(stepsLeft / parts.length), firstGlance);
      await crew.decide([...parts.keys()].map(jobFor('monitor', share)), report, signal);
    }
    let tried = 0;
    for (let left = open(); left.length > 0 && !signal.aborted && !isConvicted(); left = open()) {
      const equal = Math.floor(stepsLeft / left.length);
      const share = parts.length === 1 ? equal : Math.min(equal, glanceAfter(tried));
      if (share < 2 * tried || share === 0) break;
      const many = tried < lastGlance ? null : threadsFor(model, left.length, threads);
      if (many !== null) {
        await crew.dismiss();
        crew = many;
      }
      await crew.decide(left.map(jobFor(algorithm, share)), report, signal);
      tried = share;
    }
  } finally {
    await crew.dismiss();
  }
  return { decisions, stopped: signal.aborted && undecided().length > 0 };

  function jobFor(wanted: Job['algorithm'], maxSteps: number): (at: number) => Job {
    return (at) => {
      const { operations } = parts[at] as Part;
      // Where no monitor has been at work, there is none.
      const isLeft = wanted === 'auto' && decisions[at] === null;
      return { at, operations, algorithm: isLeft ? 'search' : wanted, maxSteps, maxMemoryMb };
    };
  }

  function report({ at }: Job, decision: Decision): void {
    decisions[at] = decision;
    stepsLeft -= decision.steps;
    if (decision.valid !== 'unknown') options.onProgress?.(++done / parts.length);
  }
}

/** Threads serve several parts of a model that they can make for themselves; null where none would. */
function threadsFor(model: Model, parts: number, threads: number): Crew | null {
  const useful = Math.min(Math.floor(threads), parts);
  if (useful < 2 || model.origin === undefined) return null;
  return createCrewOfThreads(model.origin, useful);
}
