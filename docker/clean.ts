import type Docker from 'dockerode';
import type { CleanOptions } from '../core/system.ts';
import type { Mark } from './labels.ts';
import { type Belonging, belongingsOf, removeAll } from './remove.ts';

/** Removes what belongs to owners that are no longer alive; says what, a line for each run. */
export async function cleanEngine(docker: Docker, options: CleanOptions): Promise<string[]> {
  const removed = await removeAll(async () => {
    const all = await belongingsOf(docker);
    return all.filter(({ mark }) => isForsaken(mark, options));
  });
  return [...Map.groupBy(removed, ({ mark }) => mark.runId)].map(([runId, things]) =>
    describeRemoval(runId, things),
  );
}

/** Whether nobody will ever take this away but a clean. */
export function isForsaken(mark: Mark, options: CleanOptions): boolean {
  if (mark.keep && !options.includeKept) return false;
  return !options.isAlive(mark.owner);
}

export function describeRemoval(runId: string, things: readonly Pick<Belonging, 'kind'>[]): string {
  const counts = (['container', 'volume', 'network'] as const)
    .map((kind) => ({ kind, count: things.filter((each) => each.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${String(count)} ${kind}${count === 1 ? '' : 's'}`);
  return `run ${runId}: removed ${counts.join(', ')}`;
}
