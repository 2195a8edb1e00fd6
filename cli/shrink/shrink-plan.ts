import type { Plan, Results, Run } from '../../core/run.ts';
import { laidDown } from '../../runner/laid-down.ts';
import { summaryText } from '../../reports/summary.ts';
import { quoted } from '../command-line.ts';
import { UsageError } from '../failure.ts';
import { statusLine } from '../progress-line.ts';
import { recordOf } from '../replay.ts';
import { type CommandOutcome, executeWatched, jsonOf } from '../run-once.ts';
import type { SavedRun } from '../saved-run.ts';
import { chooseWorld } from '../worlds.ts';
import { type Budget, budgetOf } from './budget.ts';
import { searchPlan } from './search-plan.ts';
import type { ShrinkOptions } from './shrink.ts';
import { changesTable, sizeWords } from './sizes.ts';

export interface FailedRun extends SavedRun {
  readonly results: Results;
  /** What a smaller run has to show to fail in the same way. */
  readonly signature: string;
}

/** Shrinks what a simulated run was made of, and saves the smallest as a run of its own. */
export async function shrinkPlan(
  saved: FailedRun,
  options: ShrinkOptions,
): Promise<CommandOutcome> {
  const budget = budgetOf(options.budget);
  const { best, isMinimal, first } = await searchFrom(saved, budget, options);
  const run = await save(best, { saved, budget, options });
  const path = saved.folder.path;
  const text = [
    `shrunk  ${path} in ${budget.runs()} runs${isMinimal ? '' : '; the budget is spent, more may go with a larger --budget'}`,
    `fails   ${saved.signature}`,
    '',
    changesTable(first, best),
    '',
    summaryText(run),
  ].join('\n');
  const json = {
    ...{ schema: 1, shrunkFrom: path, signature: saved.signature, runs: budget.runs(), isMinimal },
    ...{ before: withoutLists(first), after: withoutLists(best), run: jsonOf(run) },
  };
  return { text, json, exitCode: run.results.exitCode };
}

async function searchFrom(
  saved: FailedRun,
  budget: Budget,
  { quiet }: ShrinkOptions,
): Promise<{ readonly first: Plan; readonly best: Plan; readonly isMinimal: boolean }> {
  const { signature, folder, test } = saved;
  const recorded = recordOf(saved);
  using progress = statusLine(quiet);
  progress.note(`dtest shrink ${folder.path} · ${signature} · ${sizeWords(laidDown(recorded))}`);
  const onAttempt = (pass: string, best: Plan): void =>
    progress.show(`run ${budget.runs() + 1}, on ${pass} · ${sizeWords(best)}`, 'shrinking');
  const shrunk = await searchPlan(recorded, { signature, budget, onAttempt });
  if (shrunk !== null) return shrunk;
  throw new UsageError(
    `expected the run to fail again as it did (${signature}), but it does not: dtest has changed since, or the run was edited; run it again with: ${test.command}`,
  );
}

async function save(
  plan: Plan,
  {
    saved,
    budget,
    options,
  }: { readonly saved: FailedRun; readonly budget: Budget; readonly options: ShrinkOptions },
): Promise<Run> {
  const { world } = await chooseWorld('sim');
  const shrunkFrom = saved.folder.path;
  const facts = { shrunkFrom, shrinkRuns: budget.runs(), signature: saved.signature };
  const { run } = await executeWatched(
    { plan, world, store: options.store, keep: false, facts },
    { heading: `the smallest run again, from ${quoted(shrunkFrom)}`, quiet: options.quiet },
  );
  return run;
}

function withoutLists({ operations = [], faults, ...plan }: Plan): unknown {
  return { ...plan, operations: operations.length, faults: faults.length };
}
