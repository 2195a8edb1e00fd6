import type { Checker } from './checker.ts';
import type { OpName } from './event.ts';
import type { OpGenerator } from './generator.ts';
import type { History } from './history.ts';

/** What clients do, and what must hold of it. */
export interface Workload {
  readonly name: string;
  /** One sentence for `dtest list`. */
  readonly summary: string;
  /** Operations a system must understand. */
  readonly operations: readonly OpName[];
  /** The main phase: endless, or until its own end; the runner cuts it off in time. */
  generator(options: WorkloadOptions): OpGenerator;
  /** Operations after everything healed, such as final reads, given what happened so far. */
  finalGenerator(options: WorkloadOptions, history: History): OpGenerator;
  checker(options: WorkloadOptions): Checker;
}

export interface WorkloadOptions {
  /** How many independent objects are used at one time. */
  readonly keys: number;
  /** Operations on one key after which a fresh key takes its place; keeps each check small. */
  readonly opsPerKey: number;
  /** Share of reads, 0 to 1. */
  readonly readRatio: number;
  readonly concurrency: number;
}
