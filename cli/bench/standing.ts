import type {
  Bench,
  BenchCell,
  BenchRound,
  FailedRound,
  ObjectiveFound,
} from '../../core/bench.ts';
import type { Json } from '../../core/json.ts';
import type { World } from '../../core/system.ts';
import { warmUpRule } from '../../runner/bench/warm-up.ts';
import { saveBench } from './bench-file.ts';
import type { BenchProgress } from './progress.ts';
import type { RenewableGenerator } from './renewable-generator.ts';
import type { BenchRequest } from './request.ts';

/** What a benchmark is told once, before anything is measured. */
export interface BenchContext {
  readonly request: BenchRequest;
  readonly world: World;
  readonly generator: RenewableGenerator;
  readonly folder: string;
  readonly name: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly command: string;
  readonly facts: Readonly<Record<string, Json>>;
  readonly journal: boolean;
  readonly signal: AbortSignal;
  readonly progress: BenchProgress;
}

/** A benchmark as far as it has come. */
export interface Standing {
  readonly cells: BenchCell[];
  readonly rounds: BenchRound[];
  readonly failures: FailedRound[];
  readonly objectives: ObjectiveFound[];
  readonly clusters: Record<string, Json>;
  clustersStarted: number;
}

export function emptyStanding(): Standing {
  return {
    ...{ cells: [], rounds: [], failures: [], objectives: [] },
    ...{ clusters: {}, clustersStarted: 0 },
  };
}

export function benchOf(context: BenchContext, standing: Standing): Bench {
  const { name, startedAt, command, request, facts } = context;
  const { cells, rounds, objectives, failures, clusters } = standing;
  return {
    ...{ schema: 1, name, startedAt, command, seed: request.seed, warmUpRule },
    ...{ cells, rounds, objectives, failures },
    facts: { ...facts, clusters },
  };
}

export async function save(context: BenchContext, standing: Standing): Promise<void> {
  await saveBench(context.folder, benchOf(context, standing));
}
