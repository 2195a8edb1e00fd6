import type { Key, OpName } from './event.ts';
import type { Json } from './json.ts';

/**
 * What checkers put into a verdict's `details` for reports to draw: `failures` holds
 * `LinearizabilityFailure`s, `cycles` holds `TransactionCycle`s. Both are plain data.
 */

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
  readonly node: string | null;
  readonly op: OpName;
  readonly key: Key | null;
  readonly input: Json;
  readonly output: Json;
  readonly phase: 'ok' | 'info' | 'fail';
  readonly callNs: number;
  /** Null when it had not returned. */
  readonly returnNs: number | null;
  readonly label: string;
}

/** Why one transaction must come before another (Adya 1999, section 3.1; the last two after Elle). */
export type DependencyKind = 'ww' | 'wr' | 'rw' | 'process' | 'realtime';

/** Transactions each of which must come before the next, and the last before the first. */
export interface TransactionCycle {
  /** The anomaly in Adya's and Elle's words: `G0`, `G1c`, `G-single`, `G2-item-realtime`, … */
  readonly anomaly: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  readonly transactions: readonly EvidenceTransaction[];
  /** The dependency out of each transaction, in the same order; the last one closes the circle. */
  readonly dependencies: readonly EvidenceDependency[];
}

export interface EvidenceTransaction {
  /** A name for it in the texts: `T1`, `T2`, … */
  readonly name: string;
  readonly process: number;
  readonly node: string | null;
  readonly phase: 'ok' | 'info' | 'fail';
  readonly callNs: number;
  /** Null when it had not returned. */
  readonly returnNs: number | null;
  /** What it did: `append x 3, read y [1, 2]`. */
  readonly label: string;
}

export interface EvidenceDependency {
  readonly kind: DependencyKind;
  /** The same in words: `T1 appended 3 to x, and T2 read it`. */
  readonly why: string;
}
