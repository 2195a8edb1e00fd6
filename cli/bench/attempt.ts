import type { BenchCell, BenchRound } from '../../core/bench.ts';
import { type PlannedRound } from '../../runner/bench/cells.ts';
import { roundMsFor } from '../../runner/bench/warm-up.ts';
import { messageOf } from '../failure.ts';
import { strikeIn } from './fault-choices.ts';
import { worldOf } from './idle-systems.ts';
import { BrokenOff, measure } from './measure.ts';
import { type BenchContext, type Standing, save } from './standing.ts';

/** A cell that fails so often in a row is left alone: its next round would take as long to fail. */
const patience = 2;
/** Where this many rounds failed and none was measured, it is no single cell that fails. */
const patienceWithAll = 5;

/**
 * Measures one round and saves what there is. Null where it could not be measured, which is noted, and
 * where its cell has been given up. Rejects with `BrokenOff` at Ctrl-C, and where nothing can be measured.
 */
export async function attempt(
  planned: PlannedRound,
  context: BenchContext,
  standing: Standing,
): Promise<BenchRound | null> {
  if (isGivenUp(planned.cell, standing)) return null;
  const startedAt = new Date().toISOString();
  try {
    const measured = await measureOne(planned, context, standing);
    standing.rounds.push(measured);
    await save(context, standing);
    return measured;
  } catch (error) {
    if (error instanceof BrokenOff) throw error;
    const { cell, round } = planned;
    const why = messageOf(error);
    standing.failures.push({ cell: cell.id, round, startedAt, why });
    await save(context, standing);
    const isLast = isGivenUp(cell, standing);
    context.progress.failed(`${why}${isLast ? '; this cell is given up' : ''}`);
    if (standing.rounds.length === 0 && standing.failures.length >= patienceWithAll) {
      throw new Error(
        `expected to measure something, but all of ${patienceWithAll} rounds failed`,
        {
          cause: error,
        },
      );
    }
    await context.generator.renew();
    return null;
  }
}

/** Whether the last attempts at a cell all failed. */
export function isGivenUp({ id }: BenchCell, { rounds, failures }: Standing): boolean {
  const measured = rounds.filter(({ cell }) => cell === id).map(({ startedAt }) => startedAt);
  const last = measured.at(-1) ?? '';
  const since = failures.filter(({ cell, startedAt }) => cell === id && startedAt > last);
  return since.length >= patience;
}

async function measureOne(
  planned: PlannedRound,
  context: BenchContext,
  standing: Standing,
): Promise<BenchRound> {
  const { request, progress, signal } = context;
  if (signal.aborted) throw new BrokenOff('broken off by the user');
  const { cell, round } = planned;
  const roundMs = roundMsFor(request.timeMs);
  const choice = request.faults.find((each) => each?.name === cell.fault) ?? null;
  const strike = choice === null ? null : strikeIn(choice, { seed: request.seed, round, roundMs });
  progress.begin(planned);
  const measured = await measure(planned, strike, {
    ...{ generator: context.generator, folder: context.folder },
    nextRunId: () => `${context.runId}-${++standing.clustersStarted}`,
    ...{ roundMs, timeoutMs: request.timeoutMs, seed: request.seed, signal },
    ...{ journal: context.journal, onStage: (stage) => progress.stage(stage) },
    world: await worldOf(cell.system, context.world),
    onFacts: (facts) => (standing.clusters[cell.system] = facts),
  });
  progress.end();
  return measured;
}
