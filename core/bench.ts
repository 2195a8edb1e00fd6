import type { WorldName } from './cluster.ts';
import type { Json } from './json.ts';
import type { NodeId } from './node-id.ts';
import type { Settings } from './system.ts';
import type { Validity } from './verdict.ts';

/** A saved benchmark, as it stands in `bench.json`: its cells, and every round of each. */
export interface Bench {
  readonly schema: 1;
  /** The folder's name in the store: `bench-raft-paxos`. */
  readonly name: string;
  readonly startedAt: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly seed: number;
  /** How the warm-up was cut off, in words. */
  readonly warmUpRule: string;
  readonly cells: readonly BenchCell[];
  /** In the order in which they ran: round 1 of every cell, then round 2, …; systems take turns within. */
  readonly rounds: readonly BenchRound[];
  /** Rounds that could not be measured. Absent from benchmarks of before they were kept. */
  readonly failures?: readonly FailedRound[];
  /** What the searches for the highest rate within an objective found; empty without `--slo`. */
  readonly objectives: readonly ObjectiveFound[];
  /** Versions, machine, image digests, mechanisms. */
  readonly facts: Readonly<Record<string, Json>>;
}

/** One combination of everything that was varied. */
export interface BenchCell {
  /** Unique in the bench, readable: `raft n3 c64 r0.5 v16`. */
  readonly id: string;
  /** What is compared, as charts call it: the system's name, and the settings where they differ. */
  readonly subject: string;
  readonly system: string;
  readonly settings: Settings;
  readonly world: WorldName;
  readonly nodes: number;
  readonly load: Load;
  readonly mix: Mix;
  readonly keys: KeyChoice;
  readonly valueBytes: number;
  /** The kind of fault that strikes in the middle of each round, or null in steady state. */
  readonly fault: string | null;
}

/**
 * `closed`: each of so many clients sends its next operation when the last has been answered. `open`:
 * operations are due at moments that no answer moves, and wait where every client is busy.
 */
export type Load =
  | { readonly kind: 'closed'; readonly clients: number }
  | {
      readonly kind: 'open';
      readonly clients: number;
      /** Operations a second, over all clients. */
      readonly rate: number;
      readonly arrivals: 'poisson' | 'constant';
    };

/** What share of the operations is what: `read`, `write`, `insert`, `scan`, `modify`. */
export interface Mix {
  /** `r0.5`, `ycsb-a`. */
  readonly name: string;
  readonly shares: Readonly<Record<string, number>>;
}

export interface KeyChoice {
  readonly distribution: 'uniform' | 'zipf' | 'hotspot' | 'latest' | 'exponential';
  /** How many keys there are at the start. */
  readonly count: number;
}

/** One measurement of one cell. Times count from the round's start, before the warm-up. */
export interface BenchRound {
  readonly cell: string;
  /** From 1. */
  readonly round: number;
  readonly startedAt: string;
  readonly warmUpMs: number;
  /** What was measured lies between the warm-up's end and `warmUpMs + measuredMs`: what ended in it. */
  readonly measuredMs: number;
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  /** Due, but not sent when the round ended. 0 in a closed loop. */
  readonly unissued: number;
  /** By kind of operation: successful ones, microseconds from when each was due. HDR V2, compressed, base64. */
  readonly latencies: Readonly<Record<string, string>>;
  /** Of equal length, warm-up included. */
  readonly windows: readonly BenchWindow[];
  readonly windowMs: number;
  readonly generator: GeneratorHealth;
  /** What the nodes' own counters say, for each successful operation, or null where they do not say. */
  readonly costs: OperationCosts | null;
  /** In the order in which they struck. */
  readonly faults: readonly FaultCost[];
  /** Whether the answers were right, and why, in a sentence. */
  readonly verdict: { readonly valid: Validity; readonly reason: string };
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

export interface BenchWindow {
  readonly atMs: number;
  readonly ok: number;
  /** Ended as `fail` or `info`. */
  readonly errors: number;
  /** Of the successful operations that ended in it; 0 without any. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How busy the load generator itself was; a busy one measures itself. */
export interface GeneratorHealth {
  readonly threads: number;
  /** CPU time of the generator's threads per second and thread: 1 is a core all taken. */
  readonly cpuShare: number;
  /** CPU time of the generator per operation, in microseconds. */
  readonly cpuPerOperationUs: number;
  /** The worst thread's, at the 99th percentile. */
  readonly eventLoopDelayP99Ms: number;
  /** Of the busiest thread: the share of its time in which it had something to do, or waited for a core. */
  readonly busyShare: number;
  /**
   * How late operations of an open loop began that did not wait for a client, at the 99th percentile; it
   * is part of their latency. 0 in a closed loop.
   */
  readonly lateP99Ms: number;
  /** Why the figures say more about the generator than about the system, or null where they do not. */
  readonly limitedBy: string | null;
}

/** For each successful operation, over all nodes. */
export interface OperationCosts {
  readonly messages: number;
  readonly bytes: number;
  readonly fsyncs: number;
  /** In the whole round. */
  readonly elections: number;
}

/** What one fault cost. */
export interface FaultCost {
  readonly kind: string;
  readonly summary: string;
  readonly targets: readonly NodeId[];
  /** When it was in force, and when it was healed; both in milliseconds of the round. */
  readonly beginMs: number;
  readonly endMs: number;
  /** The longest stretch from its beginning on without a single success. */
  readonly withoutServiceMs: number;
  /** From its beginning until throughput was back at 90 % of what it was before; null if never. */
  readonly recoveredAfterMs: number | null;
  /** Operations that ended as `fail` or `info` from its beginning until then. */
  readonly errors: number;
}

/** The highest rate at which a subject still met an objective. */
export interface ObjectiveFound {
  /** What was varied beside the system: `n3 r0.5 v16`. Absent from benchmarks of before it was kept. */
  readonly conditions?: string;
  readonly subject: string;
  /** As the user wrote it: `p99<20ms`. */
  readonly objective: string;
  /** Operations a second; null where not even the lowest rate met it. */
  readonly rate: number | null;
  /** Every rate that was tried, in order, with what was measured; one that was missed is tried twice. */
  readonly tried: readonly {
    readonly rate: number;
    readonly measuredMs: number;
    readonly met: boolean;
  }[];
}
