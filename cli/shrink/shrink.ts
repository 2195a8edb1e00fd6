import { signatureOf } from '../../runner/shrink/signature.ts';
import { UsageError } from '../failure.ts';
import type { CommandOutcome } from '../run-once.ts';
import { openRun } from '../saved-run.ts';
import { shrinkHistory } from './shrink-history.ts';
import { shrinkPlan } from './shrink-plan.ts';

export interface ShrinkOptions {
  /** A number of runs, or a duration. */
  readonly budget: string;
  readonly store: string;
  readonly quiet: boolean;
}

/**
 * Makes a failed run smaller that still fails in the same way: in the simulator the run itself, in
 * other worlds, where no two runs are the same, its history.
 */
export async function shrinkRun(text: string, options: ShrinkOptions): Promise<CommandOutcome> {
  const saved = await openRun(options.store, text);
  const { results, folder, test } = saved;
  if (results === undefined) {
    throw new UsageError(
      `expected a run with a verdict in ${folder.path}, got one that was broken off; judge it with dtest report`,
    );
  }
  const signature = signatureOf(results.verdict);
  if (signature === null) {
    throw new UsageError(
      `expected a run that failed, got one that is ${results.valid}: there is nothing to shrink in ${folder.path}`,
    );
  }
  const failed = { ...saved, results, signature };
  return test.plan.world === 'sim' ? shrinkPlan(failed, options) : shrinkHistory(failed, options);
}
