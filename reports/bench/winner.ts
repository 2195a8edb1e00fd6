import type { ComparedFigure, Comparison } from '../comparison/comparison.ts';
import { digits, plural } from '../figures.ts';
import { shorten } from '../markup/visible.ts';

/** Who is faster than whom. */
export interface Winner {
  /** Without a full stop. */
  readonly headline: string;
  readonly detail: string;
}

/** Beyond this an interval says only that the rounds leave everything open. */
const mostTimes = 20;

/** How many times the baseline's figure the candidate's is: `1.32× (1.25× to 1.40×)`. */
export function ratioText({ change }: ComparedFigure): string {
  if (change?.kind !== 'percent') return '–';
  const times = (percent: number | null): string => {
    if (percent === null) return 'open';
    const factor = Math.max(0, 1 + percent / 100);
    return factor > mostTimes ? `over ${mostTimes}×` : `${factor.toFixed(2)}×`;
  };
  return `${times(change.estimate)} (${times(change.low)} to ${times(change.high)})`;
}

/** Figures whose ratios say who is faster; the others stand in the tables. */
export const ratioFigures = ['throughput', 'p50', 'p99'] as const;

/**
 * Who is faster, in sentences, a candidate each: in how many cells it was shown, and how far apart the
 * cells lie. Nothing is said to differ where the intervals leave that open.
 */
export function winnersInWords({ things, rows }: Comparison): Winner[] {
  const [baseline, ...candidates] = things;
  if (baseline === undefined) return [];
  return candidates.map(({ label }) => {
    const mine = rows.filter(({ thing, figure }) => thing === label && figure === 'throughput');
    const [name, other] = [shorten(label, 60), shorten(baseline.label, 60)];
    const told = mine.flatMap(({ change }) =>
      change?.kind === 'percent' ? [change.estimate] : [],
    );
    if (told.length === 0)
      return { headline: `${name} cannot be compared with ${other}: too few rounds`, detail: '' };
    const count = (verdict: ComparedFigure['verdict']): number =>
      mine.filter((row) => row.verdict === verdict).length;
    const [better, worse] = [count('better'), count('worse')];
    const times = told.map((percent) => 1 + percent / 100).sort((a, b) => a - b);
    const [least = 1, most = 1] = [times[0], times.at(-1)];
    const range =
      times.length === 1 ? `${least.toFixed(2)}×` : `${least.toFixed(2)}× to ${most.toFixed(2)}×`;
    const head = headline({ name, other, better, worse, all: mine.length });
    const detail = `Throughput of ${name} is ${range} that of ${other} over ${plural(mine.length, 'cell')}; ${better + worse === 0 ? 'the rounds differ too much to show that in any; more of them (--rounds) would tell smaller differences' : `shown to be higher in ${digits(better)}, lower in ${digits(worse)}`}.`;
    return { headline: head, detail };
  });
}

interface Tally {
  readonly name: string;
  readonly other: string;
  readonly better: number;
  readonly worse: number;
  readonly all: number;
}

function headline({ name, other, better, worse, all }: Tally): string {
  if (better === 0 && worse === 0) return `No difference between ${name} and ${other} was shown`;
  if (worse === 0)
    return `${name} is faster than ${other}${better < all ? ', where a difference was shown' : ''}`;
  if (better === 0)
    return `${other} is faster than ${name}${worse < all ? ', where a difference was shown' : ''}`;
  return `${name} is faster than ${other} in some cells, and slower in others`;
}
