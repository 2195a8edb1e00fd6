import type { Plan, Results, Run } from '../../core/run.ts';
import { summaryText } from '../../reports/summary.ts';
import { planPasses } from '../../runner/shrink/plan-passes.ts';
import { type Test, shrink } from '../../runner/shrink/search.ts';
import { signatureOf } from '../../runner/shrink/signature.ts';
import { calmConditions } from '../../simulator/conditions.ts';
import { systems } from '../../systems/index.ts';
import { quoted } from '../command-line.ts';
import { UsageError } from '../failure.ts';
import { lookUp } from '../lookup.ts';
import { statusLine } from '../progress-line.ts';
import { explicitPlan } from '../replay.ts';
import { type CommandOutcome, executeWatched, jsonOf } from '../run-once.ts';
import type { SavedRun } from '../saved-run.ts';
import { simulate } from '../simulate.ts';
import { chooseWorld } from '../worlds.ts';
import { type Budget, budgetOf } from './budget.ts';
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
  const testWith = testFor(saved.signature, budget);
  const first = await firstFailing(saved, testWith(1));
  const { settings } = lookUp('system', systems, first.system);
  using progress = statusLine(quiet);
  progress.note(`dtest shrink ${saved.folder.path} · ${saved.signature} · ${sizeWords(first)}`);
  const shrunk = await shrink(first, {
    passes: planPasses({
      settings: Object.fromEntries(settings.map(({ name, default: plain }) => [name, plain])),
      calm: calmConditions,
    }),
    tests: patience.map(testWith),
    isSpent: () => budget.isSpent(),
    onAttempt: (pass, best) =>
      progress.show(`run ${budget.runs() + 1}, on ${pass} · ${sizeWords(best)}`, 'shrinking'),
  });
  return { first, ...shrunk };
}

/**
 * How many seeds are tried for a candidate, at least. What is left out also moves what surroundings and
 * nodes draw after it: where the failure hangs on luck, other draws bring it back.
 */
const patience = [1, 6];

/** And for one that would save all that is left: a large cut is worth more than many small ones. */
const mostSeeds = 12;

function testFor(signature: string, budget: Budget): (seeds: number) => Test<Plan> {
  return (least) => async (plan, best) => {
    const seeds = Math.max(least, Math.ceil(mostSeeds * shareSaved(plan, best)));
    for (let turn = 0; turn < seeds && !(turn > 0 && budget.isSpent()); turn++) {
      const candidate = { ...plan, seed: plan.seed + turn };
      budget.spend();
      if ((await failureOf(candidate)) === signature) return candidate;
    }
    return null;
  };
}

/** Of the operations or of the faults, whichever is more. */
function shareSaved(plan: Plan, best: Plan): number {
  const share = (after: number, before: number): number => (before === 0 ? 0 : 1 - after / before);
  return Math.max(
    share(plan.operations?.length ?? 0, best.operations?.length ?? 0),
    share(plan.faults.length, best.faults.length),
  );
}

/** A candidate in which the harness itself fails, because no leader is ever found, say, is of no use. */
async function failureOf(plan: Plan): Promise<string | null> {
  const simulated = await simulate(plan).catch(() => null);
  return simulated === null ? null : signatureOf(simulated.results.verdict);
}

/** The saved run's plan with everything laid down, as far as that fails in the same way. */
async function firstFailing(saved: FailedRun, test: Test<Plan>): Promise<Plan> {
  const explicit = explicitPlan(saved);
  const live = explicit.faults.map(({ fault: _, ...planned }) => planned);
  for (const plan of [explicit, { ...explicit, faults: live }]) {
    const failed = await test(plan, plan);
    if (failed !== null) return failed;
  }
  throw new UsageError(
    `expected the run to fail again as it did (${saved.signature}), but it does not: dtest has changed since, or the run was edited; run it again with: ${saved.test.command}`,
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
