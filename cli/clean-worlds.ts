import { exitCodes } from '../runner/exit-codes.ts';
import { messageOf } from './failure.ts';
import { isOwnerAlive } from './owner.ts';
import type { CommandOutcome } from './run-once.ts';
import { loadWorld, worldNames } from './worlds.ts';

/** `dtest clean`: every world that works here; one that fails does not keep the others from it. */
export async function cleanWorlds({
  includeKept,
}: {
  readonly includeKept: boolean;
}): Promise<CommandOutcome> {
  const removed: string[] = [];
  const failed: string[] = [];
  for (const name of worldNames) {
    const world = await loadWorld(name);
    if ((await world.unavailable()) !== null) continue;
    try {
      const lines = await world.clean({ isAlive: isOwnerAlive, includeKept });
      removed.push(...lines.map((line) => `${name}: ${line}`));
    } catch (error) {
      failed.push(`${name}: ${messageOf(error)}`);
    }
  }
  const lines = [...removed, ...failed.map((line) => `not cleaned: ${line}`)];
  return {
    text: lines.length === 0 ? 'nothing was left behind' : lines.join('\n'),
    json: { removed, failed },
    exitCode: failed.length === 0 ? exitCodes.valid : exitCodes.error,
  };
}
