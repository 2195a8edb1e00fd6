import type { Bench, BenchCell, BenchRound, ObjectiveFound } from '../../core/bench.ts';
import type { Json } from '../../core/json.ts';
import type { World } from '../../core/system.ts';
import { type LoadGenerator } from '../../load/generator.ts';
import {
  type PlannedRound,
  type Subject,
  cellOf,
  cellsOf,
  orderOf,
} from '../../runner/bench/cells.ts';
import { type RateSearch, rateSearch } from '../../runner/bench/slo-search.ts';
import { roundMsFor, warmUpRule } from '../../runner/bench/warm-up.ts';
import { saveBench } from './bench-file.ts';
import { strikeIn } from './fault-choices.ts';
import { worldOf } from './idle-systems.ts';
import { BrokenOff, measure } from './measure.ts';
import { judgeObjective } from './objective.ts';
import type { BenchProgress } from './progress.ts';
import type { BenchRequest, Objective } from './request.ts';

export interface BenchContext {
  readonly request: BenchRequest;
  readonly world: World;
  readonly generator: LoadGenerator;
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

/** The most rates that the search for one objective tries; with doubling and bisection, 12 mostly do. */
export const mostTries = 16;
const precision = 0.05;

/** A benchmark as far as it has come. */
interface Standing {
  readonly cells: BenchCell[];
  readonly rounds: BenchRound[];
  readonly objectives: ObjectiveFound[];
  readonly clusters: Record<string, Json>;
  clustersStarted: number;
}

/**
 * Measures all that was asked for, and writes `bench.json` anew after every round. At Ctrl-C it resolves
 * with what there is.
 */
export async function executeBench(context: BenchContext): Promise<Bench> {
  const standing: Standing = {
    cells: [],
    rounds: [],
    objectives: [],
    clusters: {},
    clustersStarted: 0,
  };
  const bench = (): Bench => benchOf(context, standing);
  const { request } = context;
  const planned = plannedIn(request);
  standing.cells.push(...new Set(planned.map(({ cell }) => cell)));
  await saveBench(context.folder, bench());
  try {
    for (const each of planned) {
      standing.rounds.push(await measureOne(each, context, standing));
      await saveBench(context.folder, bench());
    }
    for (const objective of request.objectives) {
      await searchAll(objective, context, standing);
      await saveBench(context.folder, bench());
    }
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
  }
  return bench();
}

export function plannedIn(request: BenchRequest): readonly PlannedRound[] {
  const { subjects, rounds, faults } = request;
  const names = faults.map((fault) => fault?.name ?? null);
  const cells = cellsOf({ ...request, faults: names });
  return orderOf(cells, { subjects: subjects.length, rounds });
}

function benchOf(context: BenchContext, standing: Standing): Bench {
  const { name, startedAt, command, request, facts } = context;
  const { cells, rounds, objectives, clusters } = standing;
  return {
    ...{ schema: 1, name, startedAt, command, seed: request.seed, warmUpRule },
    ...{ cells, rounds, objectives },
    facts: { ...facts, clusters },
  };
}

async function measureOne(
  planned: PlannedRound,
  context: BenchContext,
  standing: Standing,
): Promise<BenchRound> {
  const { request, progress, signal } = context;
  if (signal.aborted) throw new BrokenOff('broken off by the user');
  const { cell, round } = planned;
  const roundMs = roundMsFor(request.timeMs);
  const choice = request.faults.find((each) => each?.name === cell.fault) ?? null;
  const strike = choice === null ? null : strikeIn(choice, { seed: request.seed, round, roundMs });
  progress.begin(planned);
  const measured = await measure(planned, strike, {
    ...{ generator: context.generator, folder: context.folder },
    nextRunId: () => `${context.runId}-${++standing.clustersStarted}`,
    ...{ roundMs, timeoutMs: request.timeoutMs, seed: request.seed, signal },
    ...{ journal: context.journal, onStage: (stage) => progress.stage(stage) },
    world: await worldOf(cell.system, context.world),
    onFacts: (facts) => (standing.clusters[cell.system] = facts),
  });
  progress.end(measured);
  return measured;
}

/** All subjects take turns, rate by rate, each until its own search is over. */
async function searchAll(
  objective: Objective,
  context: BenchContext,
  standing: Standing,
): Promise<void> {
  const { nodes, mixes, valueBytes, subjects } = context.request;
  const conditions = nodes.flatMap((each) =>
    mixes.flatMap((mix) => valueBytes.map((bytes) => ({ nodes: each, mix, valueBytes: bytes }))),
  );
  const { firstRate, threshold } = objective;
  for (const condition of conditions) {
    const searches = subjects.map((subject): Search => {
      const search = rateSearch({ firstRate, precision, mostTries });
      return { subject, condition, search, tried: [] };
    });
    const isOpen = ({ search }: Search): boolean => search.next !== null;
    while (searches.some(isOpen)) {
      for (const each of searches.filter(isOpen)) {
        each.search.tell(await meets(each, objective, context, standing));
      }
    }
    standing.objectives.push(
      ...searches.map(({ subject, search, tried }) => ({
        ...{ subject: subject.name, objective: threshold.text, rate: search.best, tried },
      })),
    );
  }
}

interface Search {
  readonly subject: Subject;
  readonly condition: Pick<BenchCell, 'nodes' | 'mix' | 'valueBytes'>;
  readonly search: RateSearch;
  readonly tried: { rate: number; measuredMs: number; met: boolean }[];
}

/** A rate is missed when it was missed twice: one hiccup of the machine must not decide. */
const mostRoundsOfRate = 2;

async function meets(
  { subject, condition, search, tried }: Search,
  { firstRate, clients, arrivals, threshold }: Objective,
  context: BenchContext,
  standing: Standing,
): Promise<boolean> {
  const { world, keys } = context.request;
  const rate = search.next ?? firstRate;
  const load = { kind: 'open', clients, rate, arrivals } as const;
  const cell = cellOf(subject, { ...condition, world, keys, load, fault: null });
  if (standing.cells.every(({ id }) => id !== cell.id)) standing.cells.push(cell);
  for (let times = 0; times < mostRoundsOfRate; times++) {
    const round = 1 + standing.rounds.filter((each) => each.cell === cell.id).length;
    const measured = await measureOne({ cell, round }, context, standing);
    standing.rounds.push(measured);
    const judged = judgeObjective(threshold, cell, measured);
    tried.push({ rate, ...judged });
    await saveBench(context.folder, benchOf(context, standing));
    if (judged.met) return true;
  }
  return false;
}
