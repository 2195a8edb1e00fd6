import type { LinearizabilityFailure } from '../../core/evidence.ts';

/** What stands in a verdict's `details`: figures, and why each part that failed is not linearizable. */
export interface LinearizabilityEvidence {
  /** The first parts that failed, at most `mostFailures`; the summary counts them all. */
  readonly failures: readonly LinearizabilityFailure[];
  readonly partitions: number;
  readonly operations: number;
  readonly steps: number;
  /** Parts about which nothing could be said within the budget. */
  readonly unknownKeys: readonly string[];
}

export const mostFailures = 8;
export const mostOperations = 60;
