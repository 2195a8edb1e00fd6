import type { FigureUnit } from '../reports/comparison/comparison.ts';

/** What is known of a figure, wherever it was measured. */
export interface FigureSpec {
  readonly unit: FigureUnit;
  readonly better: 'higher' | 'lower';
  /** Shares and counts that may well be 0 are compared by their difference, all others by their ratio. */
  readonly effect: 'ratio' | 'difference';
  /** The step in which it is measured, as a share of it or in its unit; smaller changes are none. */
  readonly resolution: number;
  readonly summary: string;
}

/** A histogram keeps three digits. */
const ofHistograms = 0.002;

const latency = (summary: string): FigureSpec => ({
  ...{ unit: 'ms', better: 'lower', effect: 'ratio', resolution: ofHistograms },
  summary,
});

const cost = (summary: string, unit: FigureUnit = ''): FigureSpec => ({
  ...{ unit, better: 'lower', effect: 'ratio', resolution: ofHistograms },
  summary,
});

export const figures: Readonly<Record<string, FigureSpec>> = {
  throughput: {
    ...{ unit: '/s', better: 'higher', effect: 'ratio', resolution: ofHistograms },
    summary: 'successful operations a second',
  },
  p50: latency('median latency'),
  p90: latency('latency at the 90th percentile'),
  p99: latency('latency at the 99th percentile'),
  'p99.9': latency('latency at the 99.9th percentile'),
  max: latency('the slowest operation'),
  mean: latency('mean latency'),
  errors: {
    ...{ unit: '%', better: 'lower', effect: 'difference', resolution: 0.05 },
    summary: 'share of operations that failed, ended unknown, or were due and never sent',
  },
  withoutService: latency('the longest stretch without a success, after a fault'),
  recovery: latency('from a fault until 90 % of the throughput before is back'),
  messages: cost('messages between nodes for each operation'),
  bytes: cost('bytes between nodes for each operation', 'B'),
  fsyncs: cost('fsyncs for each operation'),
  elections: {
    ...{ unit: '', better: 'lower', effect: 'difference', resolution: 0.05 },
    summary: 'elections in a round',
  },
};

/** What is judged unless somebody asks for other figures: the fewer, the smaller a change that shows. */
export const usualFigures: readonly string[] = [
  ...['throughput', 'p50', 'p99', 'errors'],
  ...['withoutService', 'recovery'],
];

/** The spec of `p99`, and of `read.p99`, that of one kind of operation; undefined for any other word. */
export function figureSpec(name: string): FigureSpec | undefined {
  if (Object.hasOwn(figures, name)) return figures[name];
  const [, figure = ''] = /^[a-z][\w-]*\.(.+)$/u.exec(name) ?? [];
  return Object.hasOwn(quantiles, figure) ? figures[figure] : undefined;
}

/** Figures that every kind of operation has for itself, with the percentile that some are. */
export const quantiles = { p50: 50, p90: 90, p99: 99, 'p99.9': 99.9 } as const;

/** For messages: every name that is understood. */
export function figureNames(): string {
  return `${Object.keys(figures).join(', ')}, and of one kind of operation as in read.p99`;
}
