import type { LinearizabilityFailure } from '../../core/evidence.ts';
import type { Model } from '../models/model.ts';

/** What stands in a verdict's `details`: figures, and why each part that failed is not linearizable. */
export interface LinearizabilityEvidence {
  /** The first parts that failed, at most `mostFailures`; the summary counts them all. */
  readonly failures: readonly LinearizabilityFailure[];
  /** What is missing in them or of them, and why: a part that failed is one all the same. */
  readonly problems?: readonly string[];
  readonly partitions: number;
  readonly operations: number;
  readonly steps: number;
  /** Parts about which nothing could be said within the budget. */
  readonly unknownKeys: readonly string[];
  /** How many parts each algorithm judged, by its name. */
  readonly algorithms: Readonly<Record<string, number>>;
}

export const mostFailures = 8;
export const mostOperations = 60;

/** Says of a part that failed that nothing more can be said. */
export function unexplained(key: string | null, reason: string): string {
  const sentence = `no order of its operations explains it, and why could not be worked out: ${reason}`;
  return key === null ? sentence : `key ${key}: ${sentence}`;
}

export function validSummary(model: Model, evidence: LinearizabilityEvidence): string {
  const { operations, partitions } = evidence;
  const where = partitions === 1 ? '' : ` on ${grouped(partitions)} independent parts`;
  return `all ${grouped(operations)} operations${where} are linearizable as ${model.name}`;
}

/** The locale is fixed, so that verdicts do not depend on the machine. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
