import type { JsonObject } from '../core/json.ts';
import type { PlannedFault, Run, RunStats } from '../core/run.ts';
import type { Comparison } from '../reports/comparison/comparison.ts';
import type { Demands } from './compare-benches.ts';
import type { Basis } from './compare-sides.ts';
import { comparisonOf } from './comparison-of.ts';
import { fewestRounds } from './intervals.ts';
import { figuresOfRun, runSide, runsSide } from './run-side.ts';
import type { Side } from './sides.ts';
import { fewestToSpread, spreadOf } from './spread.ts';
import { factDifferences, planDifferences } from './warnings.ts';

/** One run, or several of the same thing. */
export interface RunGroup {
  readonly label: string;
  readonly runs: readonly [Run, ...Run[]];
  /** Figures of other runs of the same plan, which show how much runs differ. */
  readonly siblings: readonly RunStats[];
}

/**
 * How much two runs of the same thing differ, where runs of the same plan tell, at least; and where nothing
 * is known of it: as much as was seen of machines that others use too (docs/compare.md).
 */
const fewestBetween = 0.05;
const unknownBetween = 0.25;

function blocks(paired: boolean, { runs: [baseline], siblings }: RunGroup): Basis {
  const beside = paired
    ? 'the same stretch of the other, because the same faults strike at the same times'
    : 'those of the other';
  const seen = siblings.length + 1 >= fewestToSpread ? [baseline.results.stats, ...siblings] : [];
  const betweenSessions = (figure: string): number =>
    Math.max(
      fewestBetween,
      spreadOf(seen.map((each) => figuresOfRun(each)[figure] ?? 0)) ?? unknownBetween,
    );
  const percent = `${Math.round(100 * betweenSessions('throughput'))} %`;
  const allowance =
    seen.length > 0
      ? `what ${seen.length} runs of the baseline's plan differ by is allowed for (throughput: a standard deviation of ${percent} between two of them).`
      : `${percent} (a standard deviation) are allowed for that.`;
  return {
    ...{ paired, betweenSessions },
    words:
      `One run each, cut into stretches of time that are compared with ${beside}: a bootstrap over blocks. ` +
      `It is the weaker basis, because one run cannot show how much runs differ; ${allowance} ` +
      'Several runs of each, joined by commas, or dtest bench, where systems take turns, show smaller changes.',
  };
}

const repetitions: Basis = {
  ...{ paired: false, betweenSessions: () => 0.02 },
  words:
    'Several runs of each, every run a round. Intervals are a bootstrap over runs; 2 % (a standard deviation) are allowed for what else differed between the times at which they ran.',
};

/** Runs against the first of them. */
export function compareRuns(
  groups: readonly [RunGroup, ...RunGroup[]],
  demands: Demands,
): Comparison {
  const [first, ...others] = groups;
  if (others.length === 0) {
    throw new Error('expected at least two runs to compare, got one; name the baseline first');
  }
  const single = groups.every(({ runs }) => runs.length === 1);
  if (!single) refuseFew(groups);
  const side = ({ label, runs }: RunGroup): Side =>
    single ? runSide(runs[0], label) : runsSide(runs, label);
  const paired = others.every(({ runs: [run] }) => haveSameFaults(first.runs[0], run));
  return comparisonOf({
    ...demands,
    ...{ kind: 'runs', basis: single ? blocks(paired, first) : repetitions },
    sides: [side(first), ...others.map(side)],
    warnings: [...inner(groups), ...others.flatMap((other) => differences(first, other))],
  });
}

function refuseFew(groups: readonly RunGroup[]): void {
  const few = groups.find(({ runs }) => runs.length < fewestRounds);
  if (few === undefined) return;
  throw new Error(
    `expected one run of each, or at least ${fewestRounds} of each joined by commas, got ${few.runs.length} of ${few.label}`,
  );
}

/** Then what strikes one block strikes its neighbour in the other run too. */
function haveSameFaults(one: Run, other: Run): boolean {
  const lengths = [one, other].map(({ results }) => Math.round(results.stats.durationMs));
  const times = ({ atMs, durationMs, kind, variant }: PlannedFault): unknown => [
    ...[atMs, durationMs, kind, variant],
  ];
  const schedules = [one, other].map(({ plan }) => JSON.stringify(plan.faults.map(times)));
  return one.plan.faults.length > 0 && lengths[0] === lengths[1] && schedules[0] === schedules[1];
}

/** Runs that are called repetitions of each other should be. */
function inner(groups: readonly RunGroup[]): readonly string[] {
  return groups.flatMap(({ label, runs: [first, ...others] }) => {
    const differing = new Set(
      others.flatMap(({ plan }) => planDifferences(dataOf(first.plan), dataOf(plan))),
    );
    if (differing.size === 0) return [];
    return [`the runs of ${label} differ from each other in ${[...differing].join(', ')}`];
  });
}

function differences(one: RunGroup, other: RunGroup): readonly string[] {
  const [before, after] = [one.runs[0], other.runs[0]];
  const differing = [
    ...planDifferences(dataOf(before.plan), dataOf(after.plan)),
    ...factDifferences(before.facts, after.facts),
  ];
  if (differing.length === 0) return [];
  return [`${other.label} differs from the baseline in ${differing.join(', ')}`];
}

function dataOf(plan: Run['plan']): JsonObject {
  return plan as unknown as JsonObject;
}
