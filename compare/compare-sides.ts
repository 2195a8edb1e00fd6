import type { Change, ComparedFigure, FigureVerdict } from '../reports/comparison/comparison.ts';
import { type FigureSpec, figureSpec } from './figures.ts';
import {
  type Interval,
  type IntervalOptions,
  type Measured,
  intervalsOf,
  usualOptions,
} from './intervals.ts';
import type { Cell, Side } from './sides.ts';

/** What a comparison rests on. */
export interface Basis {
  /** Whether round i of the one ran right beside round i of the other. */
  readonly paired: boolean;
  /** How much a cell's figure differs between two sessions of the same thing: a standard deviation, as a share. */
  readonly betweenSessions: (figure: string, cell: Cell) => number;
  /** What is resampled, and what that cannot show, in a sentence or two. */
  readonly words: string;
}

export interface CompareOptions {
  readonly basis: Basis;
  /** Names of figures; `figures.ts` has what is known of each. */
  readonly figures: readonly string[];
  readonly intervals?: IntervalOptions;
}

interface Candidate {
  readonly row: Omit<ComparedFigure, 'change' | 'verdict'>;
  readonly spec: FigureSpec;
  readonly measured: Measured;
}

/**
 * Every figure of every candidate against the baseline's, in cells of the same key. The intervals hold
 * all together, whatever their number.
 */
export function compareSides(
  [baseline, ...candidates]: readonly [Side, ...Side[]],
  { basis, figures, intervals = usualOptions }: CompareOptions,
): readonly ComparedFigure[] {
  const found = candidates.flatMap((side) =>
    cellPairs(baseline, side).flatMap(({ before, after }) =>
      figures.flatMap((figure) => candidateFor({ before, after, figure, side }, basis)),
    ),
  );
  const told = intervalsOf(
    found.map(({ measured }) => measured),
    intervals,
  );
  return found.map(({ row, spec }, at) => {
    const interval = told[at] ?? null;
    return { ...row, change: changeOf(spec, interval), verdict: verdictOf(spec, interval) };
  });
}

/** Cells that both have, in the baseline's order. */
export function cellPairs(
  baseline: Side,
  candidate: Side,
): readonly { readonly before: Cell; readonly after: Cell }[] {
  return baseline.cells.flatMap((before) => {
    const after = candidate.cells.find(({ key }) => key === before.key);
    return after === undefined ? [] : [{ before, after }];
  });
}

interface Wanted {
  readonly before: Cell;
  readonly after: Cell;
  readonly figure: string;
  readonly side: Side;
}

/** Nothing where neither side tells the figure in any round. */
function candidateFor({ before, after, figure, side }: Wanted, basis: Basis): Candidate[] {
  const spec = figureSpec(figure);
  if (spec === undefined) throw new Error(`expected the name of a figure, got "${figure}"`);
  const [earlier, later] = [before.rounds[figure] ?? [], after.rounds[figure] ?? []];
  if (!earlier.some(isTold) && !later.some(isTold)) return [];
  const paired = basis.paired && earlier.length === later.length;
  const kept = (rounds: readonly (number | null)[], others: readonly (number | null)[]): number[] =>
    rounds.filter((value, at) => isTold(value) && (!paired || isTold(others[at]))) as number[];
  const [baseline, candidate] = [kept(earlier, later), kept(later, earlier)];
  const sessions = spec.effect === 'ratio' ? basis.betweenSessions(figure, before) : 0;
  return [
    {
      row: {
        ...{ thing: side.label, cell: after.name, figure, unit: spec.unit, better: spec.better },
        ...{ baseline: meanOf(baseline), candidate: meanOf(candidate) },
        rounds: { baseline: baseline.length, candidate: candidate.length },
      },
      spec,
      measured: {
        ...{ baseline, candidate, paired, effect: spec.effect },
        beyondRounds: Math.hypot(spec.resolution, sessions),
      },
    },
  ];
}

function isTold(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function changeOf({ effect }: FigureSpec, interval: Interval | null): Change | null {
  if (interval === null) return null;
  const { estimate, low, high } = interval;
  if (effect === 'difference') {
    return { kind: 'points', estimate, low: finite(low), high: finite(high) };
  }
  const percent = (logarithm: number): number => 100 * Math.expm1(logarithm);
  return {
    kind: 'percent',
    estimate: percent(estimate),
    low: low === -Infinity ? null : percent(low),
    high: finite(percent(high)),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function verdictOf({ better }: FigureSpec, interval: Interval | null): FigureVerdict {
  if (interval === null) return 'untold';
  const { low, high } = interval;
  if (low <= 0 && high >= 0) return 'no difference shown';
  return low > 0 === (better === 'higher') ? 'better' : 'worse';
}
