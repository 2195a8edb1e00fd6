import type { Bench, ObjectiveFound } from '../../core/bench.ts';

/** `bench.json` with all that it holds: what was measured, and what could not be. */
export interface BenchRecord extends Bench {
  readonly failures: readonly FailedRound[];
}

/** A round without figures, because its cluster did not start, say. */
export interface FailedRound {
  readonly cell: string;
  /** From 1. */
  readonly round: number;
  readonly startedAt: string;
  /** In a sentence, for a person. */
  readonly why: string;
}

/** Empty of benchmarks from before failures were kept. */
export function failuresOf(bench: Bench): readonly FailedRound[] {
  const { failures = [] } = bench as Partial<BenchRecord>;
  return failures;
}

/** An objective that was searched for under one combination of conditions among several. */
export interface ObjectiveRecord extends ObjectiveFound {
  /** What was varied beside the system: `n3 r0.5 v16`. */
  readonly conditions: string;
}

/** Empty of benchmarks from before conditions were kept. */
export function conditionsOfObjective(objective: ObjectiveFound): string {
  const { conditions } = objective as Partial<ObjectiveRecord>;
  return typeof conditions === 'string' ? conditions : '';
}
