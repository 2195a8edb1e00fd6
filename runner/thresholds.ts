import type { RunStats, ThresholdResult } from '../core/run.ts';

/** A demand on a run's figures, such as `p99<50ms`, `throughput>1000` or `errors<1%`. */
export interface Threshold {
  readonly text: string;
  readonly measure: (stats: RunStats) => number;
  /** Whether the figure is a latency, which says nothing while operations were left unsent. */
  readonly isLatency: boolean;
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly limit: number;
}

const figures: Readonly<Record<string, (stats: RunStats) => number>> = {
  p50: (stats) => stats.latencyMs.p50,
  p90: (stats) => stats.latencyMs.p90,
  p99: (stats) => stats.latencyMs.p99,
  'p99.9': (stats) => stats.latencyMs.p999,
  max: (stats) => stats.latencyMs.max,
  mean: (stats) => stats.latencyMs.mean,
  throughput: (stats) => stats.throughput,
  /**
   * In percent. A cas that did not match is an answer, so a failed cas does not count; what was never
   * sent does.
   */
  errors: ({ counts, unissued, byOp }) => {
    const all = counts.ok + counts.fail + counts.info + unissued;
    const failed = counts.fail - (byOp.cas?.fail ?? 0) + counts.info + unissued;
    return all === 0 ? 0 : (100 * failed) / all;
  },
};

type Units = Readonly<Record<string, number>>;

/** What each unit is worth in the figure's own: milliseconds, percent, operations a second. */
const latencyUnits: Units = { us: 1e-3, ms: 1, s: 1000, '': 1 };
const otherUnits: Readonly<Record<string, Units>> = {
  errors: { '%': 1, '': 1 },
  throughput: { '/s': 1, '': 1 },
};

/** Reads a threshold; throws, saying what is understood, when it cannot, or when it decides nothing. */
export function parseThreshold(text: string): Threshold {
  const match = /^\s*([\w.]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(us|ms|s|\/s|%|)\s*$/.exec(text);
  const name = match?.[1] ?? '';
  const measure = Object.hasOwn(figures, name) ? figures[name] : undefined;
  const unit = (otherUnits[name] ?? latencyUnits)[match?.[4] ?? ''];
  if (match === null || measure === undefined || unit === undefined) {
    const names = Object.keys(figures).join(', ');
    throw new Error(
      `expected a threshold like "p99<50ms", "throughput>1000" or "errors<1%" (figures: ${names}), got "${text}"`,
    );
  }
  const operator = match[2] as Threshold['operator'];
  const isLatency = !(name in otherUnits);
  const limit = Number(match[3]) * unit;
  refuseWhatDecidesNothing({ text, name, operator, limit });
  return { text: text.trim(), measure, isLatency, operator, limit };
}

interface Demand {
  readonly text: string;
  readonly name: string;
  readonly operator: Threshold['operator'];
  readonly limit: number;
}

/** A demand that a better run misses, that no run meets or that every run does, is a typing error. */
function refuseWhatDecidesNothing({ text, name, operator, limit }: Demand): void {
  const isUpper = operator.startsWith('<');
  if (name === 'throughput' ? isUpper : !isUpper) {
    const [better, example] =
      name === 'throughput'
        ? ['more', `${name}>1000`]
        : ['less', `${name}<${name === 'errors' ? '1%' : '50ms'}`];
    throw new Error(
      `expected a threshold to be what has to hold, as in "${example}", because ${better} is better; got "${text}"`,
    );
  }
  const isErrors = name === 'errors';
  if (isUpper && limit === 0 && !(isErrors && operator === '<=')) {
    const instead = isErrors ? '; "errors<=0%" allows none' : '';
    throw new Error(`expected a threshold that can be met, above 0, got "${text}"${instead}`);
  }
  if (isErrors && (limit > 100 || (limit === 100 && operator === '<='))) {
    throw new Error(`expected a share of errors below 100 %, got "${text}", which all runs meet`);
  }
}

export function judgeThreshold(
  { text, measure, isLatency, operator, limit }: Threshold,
  stats: RunStats,
): ThresholdResult {
  const measured = measure(stats);
  const isTold = stats.counts.ok > 0 && !(isLatency && stats.unissued > 0);
  return { text, measured, met: isTold && compare(measured, operator, limit) };
}

function compare(measured: number, operator: Threshold['operator'], limit: number): boolean {
  switch (operator) {
    case '<':
      return measured < limit;
    case '<=':
      return measured <= limit;
    case '>':
      return measured > limit;
    case '>=':
      return measured >= limit;
  }
}
