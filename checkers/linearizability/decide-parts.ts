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
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/**
 * Decides every part; null where the signal came first. The result does not depend on the number of
 * threads: each part first gets an equal share of the steps, and those that used theirs up begin again
 * with an equal share of what the others left. Beginning again at most doubles the work, and it lets a
 * hard part use nearly everything without anybody keeping its search alive until then.
 */
export async function decideParts(
  model: Model,
  parts: readonly Part[],
  options: DecideOptions,
): Promise<(Decision | null)[]> {
  const decisions: (Decision | null)[] = parts.map(() => null);
  const crew = crewFor(model, parts, options.threads);
  let stepsLeft = options.maxSteps;
  let done = 0;
  const round = async (places: readonly number[]): Promise<void> => {
    const share = Math.floor(stepsLeft / Math.max(1, places.length));
    const jobs = places.map((at) => jobFor(at, parts[at], options.algorithm, share));
    await crew.decide(
      jobs,
      ({ at }, decision) => {
        decisions[at] = decision;
        stepsLeft -= decision.steps;
        if (decision.valid !== 'unknown') options.onProgress?.(++done / parts.length);
      },
      options.signal,
    );
  };
  try {
    await round([...parts.keys()]);
    const hard = [...decisions.keys()].filter((at) => decisions[at]?.valid === 'unknown');
    // A second try with no more than the first had would end the same way.
    const triedWith = options.maxSteps / parts.length;
    if (hard.length > 0 && stepsLeft / hard.length > triedWith && !options.signal.aborted) {
      await round(hard);
    }
  } finally {
    await crew.dismiss();
  }
  return decisions;
}

function jobFor(at: number, part: Part | undefined, algorithm: Algorithm, maxSteps: number): Job {
  return { at, operations: part?.operations ?? [], algorithm, maxSteps };
}

/** Threads serve several parts of a model that they can make for themselves. */
function crewFor(model: Model, parts: readonly Part[], threads: number): Crew {
  const useful = Math.min(Math.floor(threads), parts.length);
  if (useful < 2 || model.origin === undefined) return createCrewOfOne(model);
  return createCrewOfThreads(model.origin, useful);
}
