import type { Bench } from '../../core/bench.ts';
import { type PlannedRound, cellsOf, orderOf } from '../../runner/bench/cells.ts';
import { attempt } from './attempt.ts';
import { BrokenOff } from './measure.ts';
import type { BenchRequest } from './request.ts';
import { searchAll } from './search.ts';
import { type BenchContext, benchOf, emptyStanding, save } from './standing.ts';

/**
 * Measures all that was asked for, and writes `bench.json` anew after every round. At Ctrl-C it resolves
 * with what there is. A round that cannot be measured is noted, and the others go on.
 */
export async function executeBench(context: BenchContext): Promise<Bench> {
  const standing = emptyStanding();
  const { request } = context;
  const planned = plannedIn(request);
  standing.cells.push(...new Set(planned.map(({ cell }) => cell)));
  await save(context, standing);
  try {
    for (const each of planned) await attempt(each, context, standing);
    for (const objective of request.objectives) {
      await searchAll(objective, context, standing);
      await save(context, standing);
    }
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
  }
  return benchOf(context, standing);
}

export function plannedIn(request: BenchRequest): readonly PlannedRound[] {
  const { subjects, rounds, faults } = request;
  const names = faults.map((fault) => fault?.name ?? null);
  const cells = cellsOf({ ...request, faults: names });
  return orderOf(cells, { subjects: subjects.length, rounds });
}
