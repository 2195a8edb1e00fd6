import type { Bench } from '../core/bench.ts';
import type { Comparison } from '../reports/comparison/comparison.ts';
import { benchSide, subjectsOf } from './bench-side.ts';
import type { Basis } from './compare-sides.ts';
import { type ComparisonRequest, comparisonOf } from './comparison-of.ts';
import type { Side } from './sides.ts';
import { factDifferences } from './warnings.ts';

/** A saved benchmark, and where it lies. */
export interface SavedBench {
  readonly bench: Bench;
  readonly path: string;
  /** As tables call it. */
  readonly label: string;
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
 * by where memory and files came to lie. This much is allowed for it (docs/compare.md).
 */
const apart: Basis = {
  paired: false,
  betweenSessions: () => 0.05,
  words:
    'Rounds of benchmarks that ran at different times, so what else differed between those times counts as a difference too; 5 % (a standard deviation) are allowed for it. Measure both in one benchmark, in turn, for the stronger basis. Intervals are a bootstrap over the rounds of each.',
};

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
    ...{ kind: 'benches', basis: apart, sides: [side(first), ...others.map(side)] },
    warnings: others.flatMap((other) => benchDifferences(first, other)),
  });
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
