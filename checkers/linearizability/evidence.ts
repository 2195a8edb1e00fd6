import type { Key, OpName } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';

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

/**
 * One part of the history that no order of its operations explains, cut down to what matters: nothing
 * after the return that could not be explained, and of the rest only what the violation needs. What is
 * left is not linearizable by itself, unless `omitted` says that some of it was too long to show.
 */
export interface LinearizabilityFailure {
  readonly key: string | null;
  readonly model: string;
  readonly summary: string;
  /** From the call to the return of what could not be placed. */
  readonly window: { readonly fromNs: number; readonly toNs: number };
  readonly operations: readonly EvidenceOperation[];
  /** The longest order that the model allows, with the state after each operation. */
  readonly linearization: readonly { readonly operation: number; readonly state: string }[];
  /** Operations that returned but have no place in it. */
  readonly stuck: readonly number[];
  /** Operations left out for length alone. */
  readonly omitted: number;
}

export interface EvidenceOperation {
  readonly process: number;
  readonly node?: string;
  readonly op: OpName;
  readonly key?: Key;
  readonly input: Json;
  readonly output: Json;
  readonly phase: 'ok' | 'info' | 'fail';
  readonly callNs: number;
  /** Null when it had not returned. */
  readonly returnNs: number | null;
  readonly label: string;
}

export const mostFailures = 8;
export const mostOperations = 60;
