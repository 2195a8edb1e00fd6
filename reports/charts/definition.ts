import type { FaultBand } from './fault-bands.ts';

/**
 * A chart as plain data: what is drawn, not how. `configFor` makes a chart.js configuration of it
 * for a theme, the same in Node.js (PNG) and in the page (interactive), where it arrives as JSON.
 */
export interface ChartDefinition {
  /** The file's name without its ending. */
  readonly name: string;
  /** What is shown. */
  readonly title: string;
  /** Which run, and how much of it. */
  readonly subtitle: string;
  /** For those who cannot see it. */
  readonly description: string;
  readonly xLabel: string;
  /**
   * What stands along it. `time` (where absent) is seconds, shared by all charts of a page; `nines` is
   * minus the decimal logarithm of what lies above: 2 is the 99th percentile; `whole` are whole numbers;
   * `names` are `names`.
   */
  readonly xAxis?: 'time' | 'linear' | 'whole' | 'logarithmic' | 'nines' | 'names';
  /** 0 where absent. */
  readonly xMin?: number;
  readonly xMax: number;
  /** What stands along the axis of names: the x axis of `names`, and the y axis of spans. */
  readonly names?: readonly string[];
  readonly yLabel: string;
  readonly yUnit: string;
  readonly yScale: 'linear' | 'logarithmic';
  readonly yMin: number;
  readonly yMax: number;
  readonly series: readonly Series[];
  /** The same in finer windows, coarsest first, for whoever looks closer. */
  readonly finer?: readonly Finer[];
  readonly faults: readonly FaultBand[];
}

export interface Finer {
  readonly widthS: number;
  readonly series: readonly Series[];
}

export interface Series {
  readonly label: string;
  /** Looks up colour, point style and dashes in the theme. */
  readonly mark: MarkName;
  /** Spans reach from `x` to `xEnd` in the row `y`; bars stand at the name `x`. */
  readonly drawn: 'points' | 'line' | 'spans' | 'bars';
  readonly x: readonly number[];
  readonly xEnd?: readonly number[];
  /** Null is a gap. */
  readonly y: readonly (number | null)[];
  /** What each point is, as an index into `names`, for tooltips. */
  readonly names?: readonly string[];
  readonly nameOf?: readonly number[];
  /** The interval around each point that is known with 95 % confidence. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  /** What to write beside each point. */
  readonly words?: readonly string[];
  /** Points that say more about the load generator than about the system: drawn hollow. */
  readonly limited?: readonly boolean[];
}

export type MarkName =
  | 'ok'
  | 'fail'
  | 'info'
  | 'p50'
  | 'p90'
  | 'p99'
  | 'max'
  | 'kind0'
  | 'kind1'
  | 'kind2'
  | 'kind3'
  | 'kind4'
  | 'leader'
  | 'candidate'
  | 'follower'
  | 'other'
  | 'silent';

/** Times to a tenth of a millisecond and values to four digits: enough for any screen, and short. */
export function roundTime(seconds: number): number {
  return Math.round(seconds * 1e4) / 1e4;
}

export function roundValue(value: number): number {
  return Number(value.toPrecision(4));
}
