import { join } from 'node:path';
import type { Checker } from '../../core/checker.ts';
import type { Operation } from '../../core/history.ts';
import { plural } from '../../reports/figures.ts';
import { exitCodeOf } from '../../runner/exit-codes.ts';
import { ddmin } from '../../runner/shrink/ddmin.ts';
import { type HistoryParts, historyParts } from '../../runner/shrink/history-parts.ts';
import { signatureOf } from '../../runner/shrink/signature.ts';
import { writeArtifacts } from '../../store/run-folder.ts';
import { workloads } from '../../workloads/index.ts';
import { quoted } from '../command-line.ts';
import { UsageError } from '../failure.ts';
import { lookUp } from '../lookup.ts';
import { statusLine } from '../progress-line.ts';
import type { CommandOutcome } from '../run-once.ts';
import { budgetOf } from './budget.ts';
import type { FailedRun } from './shrink-plan.ts';
import type { ShrinkOptions } from './shrink.ts';

/** A smaller history that is convicted as the whole one was; a file in the run's folder. */
export const shrunkFile = 'shrunk.jsonl';

/** Steps for one candidate: one that takes longer to convict than this is not simpler. */
const maxSteps = 1_000_000;

/** Shrinks what a run recorded: first whole keys go, then operations with all that depends on them. */
export async function shrinkHistory(
  saved: FailedRun,
  options: ShrinkOptions,
): Promise<CommandOutcome> {
  const { folder, signature, test } = saved;
  const parts = historyParts(saved.history);
  const checker = lookUp('workload', workloads, test.plan.workload).checker(test.plan);
  const all = parts.operations;
  if (!(await convicts(checker, parts, all, signature))) {
    throw new UsageError(
      `expected the history in ${folder.path} to be convicted of "${signature}", but it is not; dtest report says what is wrong with it now`,
    );
  }
  const { left, checks } = await search(parts, options, (candidate) =>
    convicts(checker, parts, candidate, signature),
  );
  const lines = [...parts.historyOf(left).events()].map((event) => `${JSON.stringify(event)}\n`);
  await writeArtifacts(folder, [{ path: shrunkFile, content: lines.join('') }]);
  const path = join(folder.path, shrunkFile);
  const text = [
    `shrunk  the history from ${plural(all.length, 'operation')} to ${left.length} in ${plural(checks, 'check')}: ${path}`,
    `fails   ${signature}`,
    `again   dtest check ${quoted(path)}`,
  ].join('\n');
  const json = {
    ...{ schema: 1, path, signature, checks },
    ...{ before: all.length, after: left.length },
  };
  return { text, json, exitCode: exitCodeOf('invalid', true) };
}

async function search(
  parts: HistoryParts,
  { budget: text, quiet }: ShrinkOptions,
  fails: (left: readonly Operation[]) => Promise<boolean>,
): Promise<{ readonly left: readonly Operation[]; readonly checks: number }> {
  const budget = budgetOf(text);
  using progress = statusLine(quiet);
  let best = parts.operations;
  const attempt = async (left: readonly Operation[]): Promise<boolean> => {
    const closed = parts.closed(left);
    if (closed.length >= best.length || budget.isSpent()) return false;
    progress.show(
      `check ${budget.runs() + 1} · ${plural(best.length, 'operation')} left`,
      'shrinking',
    );
    budget.spend();
    if (!(await fails(closed))) return false;
    best = closed;
    return true;
  };
  const keys = [...new Set(best.map(({ invoke }) => invoke.key))];
  const ofKeys = (some: readonly unknown[]): readonly Operation[] =>
    best.filter(({ invoke }) => some.includes(invoke.key));
  await ddmin(keys, (some) => attempt(ofKeys(some)));
  for (let before = -1; before !== best.length;) {
    before = best.length;
    // What depended on an operation went with it: of the list that is tried only what is there stays.
    await ddmin(best, (some) => {
      const wanted = new Set(some);
      return attempt(best.filter((each) => wanted.has(each)));
    });
  }
  return { left: best, checks: budget.runs() };
}

async function convicts(
  checker: Checker,
  parts: HistoryParts,
  operations: readonly Operation[],
  signature: string,
): Promise<boolean> {
  const verdict = await checker.check(parts.historyOf(operations), { maxSteps });
  return signatureOf(verdict) === signature;
}
