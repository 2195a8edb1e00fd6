import type { FaultBand } from './fault-bands.ts';

/**
 * A chart as plain data: what is drawn, not how. `chartConfig` makes a chart.js configuration of it
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
  readonly xMax: number;
  readonly yLabel: string;
  readonly yUnit: string;
  readonly yScale: 'linear' | 'logarithmic';
  readonly yMin: number;
  readonly yMax: number;
  readonly series: readonly Series[];
  readonly faults: readonly FaultBand[];
}

export interface Series {
  readonly label: string;
  /** Looks up colour, point style and dashes in the theme. */
  readonly mark: MarkName;
  readonly drawn: 'points' | 'line';
  readonly x: readonly number[];
  /** Null is a gap. */
  readonly y: readonly (number | null)[];
  /** What each point is, as an index into `names`, for tooltips. */
  readonly names?: readonly string[];
  readonly nameOf?: readonly number[];
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
  | 'kind4';

/** Times to a tenth of a millisecond and values to four digits: enough for any screen, and short. */
export function roundTime(seconds: number): number {
  return Math.round(seconds * 1e4) / 1e4;
}

export function roundValue(value: number): number {
  return Number(value.toPrecision(4));
}
