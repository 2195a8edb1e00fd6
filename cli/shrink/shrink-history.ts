import type { CommandOutcome } from '../run-once.ts';
import type { FailedRun } from './shrink-plan.ts';
import type { ShrinkOptions } from './shrink.ts';
export async function shrinkHistory(
  saved: FailedRun,
  options: ShrinkOptions,
): Promise<CommandOutcome> {
  throw new Error(String([saved, options]));
}
