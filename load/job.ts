import type { Address } from '../core/cluster.ts';
import type { KeyChoice, Load, Mix } from '../core/bench.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Settings } from '../core/system.ts';

/** What generates load does in one round: plain data, so that it can be sent to threads. */
export interface LoadJob {
  /** By its name in the index of systems, or that of a null system. */
  readonly system: string;
  readonly settings: Settings;
  readonly nodes: readonly NodeAddresses[];
  readonly load: Load;
  readonly mix: Mix;
  readonly keys: KeyChoice;
  readonly valueBytes: number;
  readonly timeoutMs: number;
  readonly seed: number;
  /** A folder for the journals, a file a thread; null keeps them in memory and nothing is on disk. */
  readonly journalFolder: string | null;
}

export interface NodeAddresses {
  readonly id: NodeId;
  readonly addresses: Readonly<Record<string, Address>>;
}

/** A thread's part of a job. Threads count from 0. */
export interface ThreadJob extends LoadJob {
  readonly thread: number;
  readonly threads: number;
  /** Moment 0 of the round's clock, as `process.hrtime.bigint()` gave it in the process. */
  readonly epochNs: bigint;
  /** Counts the keys that are there, for all threads together: a 32-bit integer. */
  readonly keyCount: SharedArrayBuffer;
}

/** What a thread is told. */
export type Order =
  | { readonly kind: 'prepare'; readonly job: ThreadJob }
  /** Operations begin at this moment of the round's clock, and none begins after the second. */
  | { readonly kind: 'go'; readonly fromNs: number; readonly untilNs: number }
  | { readonly kind: 'addresses'; readonly nodes: readonly NodeAddresses[] }
  /** No operation begins any more; those under way may end. */
  | { readonly kind: 'stop' };

/** What a thread says. */
export type Report =
  | { readonly kind: 'prepared' }
  | { readonly kind: 'progress'; readonly ok: number; readonly errors: number }
  | { readonly kind: 'done'; readonly summary: ThreadSummary }
  | { readonly kind: 'failed'; readonly message: string };

/** What a thread did from `go` on. */
export interface ThreadSummary {
  /** Due within the time, but not sent when it was over. */
  readonly unissued: number;
  readonly health: ThreadHealth;
  /** The journal where it was not to be on disk, else null. */
  readonly journal: readonly Uint8Array[] | null;
}

export interface ThreadHealth {
  readonly wallMs: number;
  /** CPU time of this thread. */
  readonly cpuMs: number;
  /** Share of the time in which the event loop had something to do, or waited for a core. */
  readonly busyShare: number;
  readonly eventLoopDelayP99Ms: number;
  /** How much later than due operations were sent that found a client free. 0 in a closed loop. */
  readonly lateP99Ms: number;
}
