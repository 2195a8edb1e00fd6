import type { WorldName } from './cluster.ts';
import type { Conditions } from './conditions.ts';
import type { Op } from './event.ts';
import type { History } from './history.ts';
import type { Json, JsonObject } from './json.ts';
import type { Fault } from './nemesis.ts';
import type { Settings } from './system.ts';
import type { Validity, Verdict } from './verdict.ts';

/** Everything that decides a run, as it stands in `test.json`. */
export interface Plan {
  readonly workload: string;
  readonly system: string;
  readonly settings: Settings;
  readonly world: WorldName;
  readonly nodes: number;
  readonly concurrency: number;
  /** Operations a second in open loop; 0 is a closed loop. */
  readonly rate: number;
  readonly timeMs: number;
  /** Ends the main phase after so many operations; 0 is no limit. */
  readonly ops: number;
  readonly keys: number;
  readonly opsPerKey: number;
  readonly readRatio: number;
  readonly timeoutMs: number;
  /** Kinds of faults, or single shapes of them: `partition`, `kill:leader`. */
  readonly nemesis: readonly string[];
  readonly nemesisIntervalMs: number;
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
  readonly thresholds: readonly string[];
  /** Whether the run ends at the first violation; false in plans that do not say. */
  readonly failFast?: boolean;
  /** What faults may do, and what is asked of the cluster meanwhile; `safety` in plans that do not say. */
  readonly mode?: Mode;
  /** How the simulated network, disks and clocks behave; absent in other worlds. */
  readonly conditions?: Conditions;
  /**
   * What clients ask for, where it is laid down: a saved run's operations, or what shrinking left of
   * them. Else the workload draws it. On disk it is a file of its own, `operations.jsonl`.
   */
  readonly operations?: readonly PlannedOperation[];
}

/**
 * `safety`: anything may happen, and nothing wrong may come of it; once all is healed the cluster has to
 * work again. `liveness`: what happens leaves a majority alone, which has to go on working.
 */
export type Mode = 'safety' | 'liveness';

/** An operation that is laid down: who asks for it, and when at the earliest. */
export interface PlannedOperation extends Op {
  readonly worker: number;
  /** From the run's start. */
  readonly atNs: number;
}

/**
 * When which kind of fault strikes. Which nodes it hits is chosen live, from `draw` and who leads, unless
 * it is laid down.
 */
export interface PlannedFault {
  readonly atMs: number;
  readonly durationMs: number;
  readonly kind: string;
  readonly variant: string;
  /** Seed of the choice of targets. */
  readonly draw: number;
  /** What it hit in the run that this plan repeats. */
  readonly fault?: Fault;
}

/** What a kind of fault did to the run: the vacuity report's line. */
export interface FaultEffect {
  readonly fault: string;
  readonly injected: number;
  readonly failed: number;
  /** In how many of them something changed that a client or an observer could see. */
  readonly bit: number;
  /** What changed: errors, slower operations, leader or term changes, dropped packets. */
  readonly effects: JsonObject;
}

/** A threshold such as `p99<50ms`, with what was measured. */
export interface ThresholdResult {
  readonly text: string;
  readonly measured: number;
  readonly met: boolean;
}

/** Figures of a run. Latencies in milliseconds, counted from when the operation was due. */
export interface RunStats {
  readonly durationMs: number;
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  /** Due in the main phase of an open loop, but never sent: every client was busy to the end. */
  readonly unissued: number;
  readonly byOp: Readonly<Record<string, OpStats>>;
  /** Successful operations a second over the main phase. */
  readonly throughput: number;
  readonly latencyMs: LatencyStats;
}

export interface OpStats {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly latencyMs: LatencyStats;
}

export interface LatencyStats {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly mean: number;
}

/** What a run came to, as it stands in `results.json`. */
export interface Results {
  readonly valid: Validity;
  /** One sentence: the reason for the verdict. */
  readonly reason: string;
  readonly verdict: Verdict;
  readonly faults: readonly FaultEffect[];
  readonly stats: RunStats;
  readonly thresholds: readonly ThresholdResult[];
  readonly exitCode: number;
}

/** A finished run, as checkers and reporters see it. */
export interface Run {
  readonly name: string;
  /** The run's folder, as the user would name it. */
  readonly path: string;
  readonly startedAt: string;
  readonly plan: Plan;
  /** Versions, machine, image digests, fault mechanisms: whatever else is worth knowing. */
  readonly facts: Readonly<Record<string, Json>>;
  readonly history: History;
  readonly results: Results;
  /** The command that repeats it. */
  readonly command: string;
}
