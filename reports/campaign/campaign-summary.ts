import type { Validity } from '../../core/verdict.ts';

/** How a run of a campaign can end: judged, or not at all because something threw. */
export type Outcome = Validity | 'crashed';

export const outcomes: readonly Outcome[] = ['valid', 'invalid', 'crashed', 'unknown'];

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** What a campaign came to, as it stands in `summary.json`. Plain data, and short however many seeds. */
export interface CampaignSummary {
  readonly schema: 1;
  /** The campaign's folder, as the user would name it. */
  readonly path: string;
  readonly command: string;
  readonly startedAt: string;
  readonly dtest: string;
  readonly node: string;
  readonly seeds: string;
  readonly workers: number;
  readonly valid: Validity;
  /** One sentence: the reason for the verdict. */
  readonly reason: string;
  /** Why it ended before all seeds were done, or null when all were. */
  readonly endedEarly: string | null;
  readonly exitCode: number;
  readonly done: number;
  readonly total: number;
  readonly outcomes: OutcomeCounts;
  /** Real time, over all sessions of a campaign that was resumed. */
  readonly elapsedMs: number;
  readonly seedsPerSecond: number;
  readonly virtualMs: number;
  readonly events: number;
  readonly combinations: readonly CombinationSummary[];
  /** Runs that failed, by kind of failure: the kind that takes the fewest operations first. */
  readonly failures: readonly Group[];
  /** Runs that proved nothing, by reason. */
  readonly unknowns: readonly Group[];
  readonly faults: readonly FaultSummary[];
  readonly operations: { readonly ok: number; readonly fail: number; readonly info: number };
  /** How many runs had so many operations, and so many faults that bit. */
  readonly operationsPerRun: readonly Bucket[];
  readonly bitesPerRun: readonly Bucket[];
  /** What else went wrong: runs that could not be saved or did not repeat. */
  readonly problems: readonly string[];
}

export interface CombinationSummary {
  readonly workload: string;
  readonly system: string;
  readonly nemesis: string;
  /** What else tells it from the others: `rate 50, reads local`. */
  readonly settings: string;
  readonly done: number;
  readonly total: number;
  readonly outcomes: OutcomeCounts;
  /** Of one thread. */
  readonly seedsPerSecond: number;
}

/** Runs that ended in the same way. */
export interface Group {
  readonly outcome: Outcome;
  /** The same words for all of them. */
  readonly kind: string;
  readonly count: number;
  /** The smallest, and those that were saved; the smallest first. */
  readonly examples: readonly Example[];
}

export interface Example {
  /** Index of its combination. */
  readonly combination: number;
  readonly seed: number;
  readonly reason: string;
  /** Operations begun until the violation was complete, or in the whole run. */
  readonly operations: number;
  /** The command that repeats it. */
  readonly command: string;
  /** Folder of the saved run, if it was saved. */
  readonly path: string | null;
  /** Where it threw, if it did. */
  readonly stack: string | null;
}

export interface FaultSummary {
  readonly fault: string;
  readonly injected: number;
  readonly bit: number;
  /** Runs in which it was put in force, and in which it changed something. */
  readonly runs: number;
  readonly runsBitten: number;
}

/** Runs whose figure was from `from` to `to`, both included. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly runs: number;
}
