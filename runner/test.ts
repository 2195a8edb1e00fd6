import type { Clock } from '../core/clock.ts';
import type { HistoryEvent } from '../core/event.ts';
import type { Nemesis, Sighting } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Plan } from '../core/run.ts';
import type { System, World, WorldOptions } from '../core/system.ts';
import type { Workload } from '../core/workload.ts';

/** A test is a value: parts put together, and a plan that says how they are used. */
export interface Test {
  readonly plan: Plan;
  readonly system: System;
  readonly workload: Workload;
  readonly world: World;
  /** The kinds of faults that the plan names. */
  readonly nemeses: ReadonlyMap<string, Nemesis>;
  readonly clock: Clock;
  readonly cluster: Pick<WorldOptions, 'runId' | 'owner' | 'keep' | 'workDir'>;
}

/** Where the events of a run go as they happen. */
export interface EventSink {
  append(event: HistoryEvent): void;
  /** Resolves when all that was appended cannot be lost any more. */
  flush(): Promise<void>;
}

/** What a run is doing, for whoever watches. */
export type Phase = 'starting' | 'running' | 'healing' | 'final' | 'stopping' | 'checking';

export interface Progress {
  readonly phase: Phase;
  readonly elapsedMs: number;
  readonly totalMs: number;
  readonly opsPerSecond: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** Faults in force, in words. */
  readonly faults: readonly string[];
  readonly leader?: string;
  /** What the phase itself says: `building image …`. */
  readonly message?: string;
}

/** What the conductor tells while it works. */
export interface Watcher {
  readonly onProgress?: (progress: Progress) => void;
  /** Told whenever what the nodes say of themselves has changed; must not throw. */
  readonly onSighting?: (sighting: Sighting) => void;
  /** What a node printed, handed over before the cluster goes, however the run ends. */
  readonly onLog?: (node: NodeId, log: string) => Promise<void>;
  /** Aborted: the main phase ends now, and what was recorded is healed, finished and judged. */
  readonly signal?: AbortSignal;
}
