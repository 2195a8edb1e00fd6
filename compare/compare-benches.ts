import type { Bench } from '../core/bench.ts';
import type { Comparison } from '../reports/comparison/comparison.ts';
import { benchSide, subjectsOf } from './bench-side.ts';
import { type Basis, cellPairs } from './compare-sides.ts';
import { type ComparisonRequest, comparisonOf } from './comparison-of.ts';
import type { Side } from './sides.ts';
import { fewestToSpread, spreadOf } from './spread.ts';
import { factDifferences } from './warnings.ts';

/** A saved benchmark, and where it lies. */
export interface SavedBench {
  readonly bench: Bench;
  readonly path: string;
  /** As tables call it. */
  readonly label: string;
  /** Other benchmarks beside it, which show how much sessions of the same thing differ. */
  readonly siblings?: readonly Bench[];
}

export type Demands = Pick<ComparisonRequest, 'gates' | 'figures' | 'intervals'>;

/** Systems that took turns, round by round. */
const inTurn: Basis = {
  paired: true,
  betweenSessions: () => 0,
  words:
    'Rounds of one benchmark, in which the systems took turns: round i of one is compared with round i of the other, so that drift of the machine hits both. Intervals are a bootstrap over these pairs.',
};

/**
 * Two sessions of the same thing differ by more than their rounds do: by what else the machine did, and
 * by where memory and files came to lie. As much is allowed where benchmarks of the same kind tell, at
 * least; and where nothing is known of it (docs/compare.md).
 */
const fewestBetween = 0.02;
const unknownBetween = 0.05;

function apart(first: SavedBench, named: boolean): Basis {
  const { siblings = [] } = first;
  const sides = [first.bench, ...siblings].map((bench) =>
    benchSide(bench, { label: '', path: '', named }),
  );
  const cells = sides.flatMap((side) => side.cells);
  const isKnown = sides.length >= fewestToSpread;
  const allowed = isKnown
    ? `what ${sides.length} benchmarks beside the baseline differ by is allowed for`
    : `${100 * unknownBetween} % (a standard deviation) are allowed for it`;
  return {
    paired: false,
    betweenSessions(figure, { key }) {
      const own = cells
        .filter((cell) => cell.key === key)
        .map(({ rounds }) => (rounds[figure] ?? []).filter((value) => value !== null));
      const told = own.filter((values) => values.length > 1 && meanOf(values) > 0);
      const within = told.map((values) => varianceOfMean(values) / meanOf(values) ** 2);
      return Math.max(fewestBetween, spreadOf(told.map(meanOf), within) ?? unknownBetween);
    },
    words: `Rounds of benchmarks that ran at different times, so what else differed between those times counts as a difference too; ${allowed}. Measure both in one benchmark, in turn, for the stronger basis. Intervals are a bootstrap over the rounds of each.`,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function varianceOfMean(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return squares / (values.length * (values.length - 1));
}

/**
 * Benchmarks against the first; or, given one alone, its systems against the first of them. Cells are
 * matched by what they were measured under; the system has to be the same where there are several.
 */
export function compareBenches(
  saved: readonly [SavedBench, ...SavedBench[]],
  demands: Demands,
): Comparison {
  const [first, ...others] = saved;
  if (others.length === 0) return compareSubjects(first, demands);
  const several = saved.some(({ bench }) => subjectsOf(bench).length > 1);
  const side = ({ bench, path, label }: SavedBench): Side =>
    benchSide(bench, { label, path, named: several });
  return comparisonOf({
    ...demands,
    ...{ kind: 'benches', basis: apart(first, several), sides: [side(first), ...others.map(side)] },
    warnings: others.flatMap((other) => benchDifferences(first, other)),
  });
}

/** Whether two benchmarks measured anything under the same conditions, so that they can be compared. */
export function haveCommonCell(one: Bench, other: Bench): boolean {
  const named = [one, other].some((bench) => subjectsOf(bench).length > 1);
  const [side, beside] = [one, other].map((bench) =>
    benchSide({ ...bench, rounds: [] }, { label: '', path: '', named }),
  );
  return side !== undefined && beside !== undefined && cellPairs(side, beside).length > 0;
}

function compareSubjects({ bench, path }: SavedBench, demands: Demands): Comparison {
  const [first, ...others] = subjectsOf(bench);
  if (first === undefined || others.length === 0) {
    throw new Error(
      `expected two things to compare, got one benchmark of ${first ?? 'nothing'} alone; name another run, or measure two systems in one benchmark`,
    );
  }
  const side = (subject: string): Side =>
    benchSide(bench, { label: subject, path, subject, named: false });
  return comparisonOf({
    ...demands,
    ...{ kind: 'benches', basis: inTurn, sides: [side(first), ...others.map(side)] },
    warnings: [],
  });
}

function benchDifferences(one: SavedBench, other: SavedBench): readonly string[] {
  const differing = [
    ...subjectDifferences(one.bench, other.bench),
    ...factDifferences(one.bench.facts, other.bench.facts),
    ...(one.bench.warmUpRule === other.bench.warmUpRule ? [] : ['how the warm-up was cut off']),
  ];
  if (differing.length === 0) return [];
  return [`${other.label} differs from the baseline in ${differing.join(', ')}`];
}

function subjectDifferences(one: Bench, other: Bench): readonly string[] {
  const [before, after] = [subjectsOf(one), subjectsOf(other)];
  const same = before.length === after.length && before.every((each) => after.includes(each));
  return same ? [] : [`systems (${before.join(', ')} → ${after.join(', ')})`];
}
