import { type OpEvent, isFaultEvent } from '../core/event.ts';
import type { Plan, Run } from '../core/run.ts';
import { mergeValidity } from '../core/verdict.ts';
import { recorded } from '../generators/recorded.ts';
import { wilsonInterval } from '../runner/confidence.ts';
import { exitCodeOf } from '../runner/exit-codes.ts';
import { summaryText } from '../reports/summary.ts';
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

/** Runs a saved run's operations and faults again, and says how often it failed. */
export async function replay(text: string, options: ReplayOptions): Promise<CommandOutcome> {
  const saved = await openRun(options.store, text);
  const { world } = await chooseWorld(options.world ?? saved.test.plan.world);
  const plan: Plan = { ...saved.test.plan, world: world.name };
  const operations = mainInvocations(saved);
  if (operations.length === 0) {
    throw new UsageError(`expected operations in ${saved.folder.path}, its history has none`);
  }
  const runs: Run[] = [];
  for (let turn = 1; turn <= options.times; turn++) {
    const heading = `replay ${turn} of ${options.times} · ${saved.folder.path} · ${operations.length} operations · ${plan.faults.length} faults`;
    const { run, interrupted } = await executeWatched(
      {
        plan,
        world,
        store: options.store,
        keep: false,
        facts: { replayOf: saved.folder.path },
      },
      { heading, quiet: options.quiet },
    );
    runs.push(run);
    if (interrupted) break;
  }
  return outcomeOf(runs);
}

/** What clients asked for in the main phase; the final reads are drawn anew. */
function mainInvocations({ history, test, results }: SavedRun): OpEvent[] {
  // The main phase may have ended before its time, by the number of operations or by Ctrl-C.
  const endNs = (results?.stats.durationMs ?? test.plan.timeMs) * 1e6;
  const invocations: OpEvent[] = [];
  for (const event of history.events()) {
    if (isFaultEvent(event) || event.phase !== 'invoke') continue;
    if (event.timeNs <= endNs) invocations.push(event);
  }
  return invocations;
}

function outcomeOf(runs: readonly Run[]): CommandOutcome {
  const failures = runs.filter(({ results }) => results.valid === 'invalid').length;
  const valid = mergeValidity(runs.map(({ results }) => results.valid));
  const interval = wilsonInterval(failures, runs.length);
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const lines = runs.map(
    ({ path, results }, at) => `${at + 1}. ${results.valid}: ${results.reason} (${path})`,
  );
  const only = runs[0];
  const text =
    runs.length === 1 && only !== undefined
      ? summaryText(only)
      : [
          ...lines,
          `failed ${failures} of ${runs.length} times: ${percent(failures / runs.length)}, 95 % confidence ${percent(interval.low)} to ${percent(interval.high)}`,
        ].join('\n');
  const met = runs.every(({ results }) => results.thresholds.every((each) => each.met));
  return {
    text,
    json: { schema: 1, times: runs.length, failures, interval, valid, runs: runs.map(jsonOf) },
    exitCode: exitCodeOf(valid, met),
  };
}
