import type { Plan, Run } from '../core/run.ts';
import type { World } from '../core/system.ts';
import { mergeValidity } from '../core/verdict.ts';
import { plural } from '../reports/figures.ts';
import { summaryText } from '../reports/summary.ts';
import { wilsonInterval } from '../runner/confidence.ts';
import { exitCodeOf } from '../runner/exit-codes.ts';
import { type Recorded, laidDown } from '../runner/laid-down.ts';
import { type CarriedOver, carryOver } from './carry-over.ts';
import { compareHistories } from './compare-histories.ts';
import { UsageError } from './failure.ts';
import { type CommandOutcome, executeWatched, jsonOf } from './run-once.ts';
import { type SavedRun, openRun } from './saved-run.ts';
import { chooseWorld } from './worlds.ts';

export interface ReplayOptions {
  readonly times: number;
  readonly store: string;
  readonly quiet: boolean;
  readonly world?: string;
}

/** What is run in one turn of a replay, and what is known of it beforehand. */
interface Turn extends CarriedOver {
  /** The whole plan is the saved one, and one seed is one execution: the history must be the same. */
  readonly isExact: boolean;
}

/** Runs a saved run's operations and faults again, and says how often it failed. */
export async function replay(text: string, options: ReplayOptions): Promise<CommandOutcome> {
  const saved = await openRun(options.store, text);
  const wanted = options.world ?? saved.test.plan.world;
  const runs: Run[] = [];
  const notes: string[] = [];
  for (let turn = 1; turn <= options.times; turn++) {
    // A simulated world is for one run.
    const { world } = await chooseWorld(wanted);
    const planned = planFor(saved, world, turn);
    if (turn === 1) notes.push(...planned.left.map((what) => `not carried over: ${what}`));
    const { run, interrupted } = await executeTurn(planned, { saved, world, turn, options, notes });
    runs.push(run);
    if (planned.isExact) notes.push(compareHistories(saved.folder.path, run.path));
    if (interrupted) break;
  }
  return outcomeOf(runs, notes);
}

/**
 * In the simulator the first turn is the saved run again. Every other keeps operations and faults, and
 * draws what the surroundings do from another seed: that says how much the failure owes to luck.
 */
function planFor(saved: SavedRun, world: World, turn: number): Turn {
  const { plan } = saved.test;
  const isSimulated = world.name === 'sim' && plan.world === 'sim';
  if (isSimulated && turn === 1) return { plan, left: [], isExact: saved.results !== undefined };
  const explicit = explicitPlan(saved);
  if (explicit.operations?.length === 0) {
    throw new UsageError(`expected operations in ${saved.folder.path}, its history has none`);
  }
  const carried = carryOver(explicit, world.name);
  if (!isSimulated) return { ...carried, isExact: false };
  return { ...carried, plan: { ...carried.plan, seed: plan.seed + turn - 1 }, isExact: false };
}

/** A saved run's plan with nothing of it left to draw. */
export function explicitPlan(saved: SavedRun): Plan {
  return laidDown(recordOf(saved));
}

export function recordOf({ test: { plan }, history, results }: SavedRun): Recorded {
  // The main phase may have ended before its time, by the number of operations or by Ctrl-C.
  const mainEndNs = Math.round(1e6 * (results?.stats.durationMs ?? plan.timeMs));
  return { plan, history, mainEndNs };
}

async function executeTurn(
  { plan, left }: Turn,
  context: {
    readonly saved: SavedRun;
    readonly world: World;
    readonly turn: number;
    readonly options: ReplayOptions;
    readonly notes: readonly string[];
  },
): Promise<{ readonly run: Run; readonly interrupted: boolean }> {
  const { saved, world, turn, options, notes } = context;
  const { operations, faults, seed } = plan;
  const amount = operations === undefined ? 'as it was' : plural(operations.length, 'operation');
  const heading = [
    `replay ${turn} of ${options.times} · ${saved.folder.path} · ${world.name} · ${amount} · ${plural(faults.length, 'fault')} · seed ${seed}`,
    ...(turn === 1 ? notes : []),
  ].join('\n');
  const facts = {
    replayOf: saved.folder.path,
    ...(left.length === 0 ? {} : { notCarriedOver: left }),
  };
  const request = { plan, world, store: options.store, keep: false, facts };
  return executeWatched(request, { heading, quiet: options.quiet });
}

function outcomeOf(runs: readonly Run[], notes: readonly string[]): CommandOutcome {
  const failures = runs.filter(({ results }) => results.valid === 'invalid').length;
  const valid = mergeValidity(runs.map(({ results }) => results.valid));
  const interval = wilsonInterval(failures, runs.length);
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const lines = runs.map(
    ({ path, results }, at) => `${at + 1}. ${results.valid}: ${results.reason} (${path})`,
  );
  const only = runs[0];
  const told =
    runs.length === 1 && only !== undefined
      ? [summaryText(only)]
      : [
          ...lines,
          `failed ${failures} of ${runs.length} times: ${percent(failures / runs.length)}, 95 % confidence ${percent(interval.low)} to ${percent(interval.high)}`,
        ];
  const met = runs.every(({ results }) => results.thresholds.every((each) => each.met));
  return {
    text: [...told, ...notes].join('\n'),
    json: {
      ...{ schema: 1, times: runs.length, failures, interval, valid, notes },
      runs: runs.map(jsonOf),
    },
    exitCode: exitCodeOf(valid, met),
  };
}
