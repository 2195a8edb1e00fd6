import type { BenchCell, ObjectiveFound } from '../../core/bench.ts';
import { type Subject, cellOf } from '../../runner/bench/cells.ts';
import { type RateSearch, rateSearch } from '../../runner/bench/slo-search.ts';
import { attempt, isGivenUp } from './attempt.ts';
import { judgeObjective } from './objective.ts';
import type { Objective } from './request.ts';
import type { BenchContext, Standing } from './standing.ts';

/** The most rates that the search for one objective tries; with doubling and bisection, 12 mostly do. */
export const mostTries = 16;
const precision = 0.05;

/** All subjects take turns, rate by rate, each until its own search is over. */
export async function searchAll(
  objective: Objective,
  context: BenchContext,
  standing: Standing,
): Promise<void> {
  const { nodes, mixes, valueBytes, subjects } = context.request;
  const conditions = nodes.flatMap((each) =>
    mixes.flatMap((mix) => valueBytes.map((bytes) => ({ nodes: each, mix, valueBytes: bytes }))),
  );
  const { firstRate } = objective;
  for (const condition of conditions) {
    const searches = subjects.map((subject): Search => {
      const search = rateSearch({ firstRate, precision, mostTries });
      return { subject, condition, search, tried: [], isBroken: false };
    });
    const isOpen = ({ search, isBroken }: Search): boolean => search.next !== null && !isBroken;
    while (searches.some(isOpen)) {
      for (const each of searches.filter(isOpen)) {
        const met = await meets(each, objective, context, standing);
        if (met === null) each.isBroken = true;
        else each.search.tell(met);
      }
    }
    const ended = searches.filter(({ isBroken }) => !isBroken);
    standing.objectives.push(...ended.map((each) => foundBy(each, objective)));
  }
}

interface Search {
  readonly subject: Subject;
  readonly condition: Pick<BenchCell, 'nodes' | 'mix' | 'valueBytes'>;
  readonly search: RateSearch;
  readonly tried: { rate: number; measuredMs: number; met: boolean }[];
  /** Its rates could not be measured, so it found nothing, which is not the same as no rate. */
  isBroken: boolean;
}

function foundBy(
  { subject, condition, search, tried }: Search,
  { threshold }: Objective,
): ObjectiveFound {
  const { nodes, mix, valueBytes } = condition;
  return {
    ...{ subject: subject.name, conditions: `n${nodes} ${mix.name} v${valueBytes}` },
    ...{ objective: threshold.text, rate: search.best, tried },
  };
}

/** A rate is missed when it was missed twice: one hiccup of the machine must not decide. */
const mostRoundsOfRate = 2;

/** Null where it could not be measured. */
async function meets(
  { subject, condition, search, tried }: Search,
  { firstRate, clients, arrivals, threshold }: Objective,
  context: BenchContext,
  standing: Standing,
): Promise<boolean | null> {
  const { world, keys } = context.request;
  const rate = search.next ?? firstRate;
  const load = { kind: 'open', clients, rate, arrivals } as const;
  const cell = cellOf(subject, { ...condition, world, keys, load, fault: null });
  if (standing.cells.every(({ id }) => id !== cell.id)) standing.cells.push(cell);
  const attempts = (): number =>
    [...standing.rounds, ...standing.failures].filter((each) => each.cell === cell.id).length;
  for (let missed = 0; missed < mostRoundsOfRate;) {
    if (isGivenUp(cell, standing)) return null;
    const measured = await attempt({ cell, round: attempts() + 1 }, context, standing);
    if (measured === null) continue;
    const judged = judgeObjective(threshold, cell, measured);
    tried.push({ rate, ...judged });
    if (judged.met) return true;
    missed++;
  }
  return false;
}
