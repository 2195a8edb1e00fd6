import type { Run } from '../../core/run.ts';
import type { BenchCharts } from '../bench/charts.ts';
import {
  type ChartDefinition,
  type MarkName,
  type Series,
  roundTime,
  roundValue,
} from '../charts/definition.ts';
import type { FaultBand } from '../charts/fault-bands.ts';
import { floorMs, rangeAround } from '../charts/latency-range.ts';
import { columnAt, latencyMs, ok } from '../charts/observations.ts';
import { type Subject, faultsInWords, subjectOf } from '../charts/subject.ts';
import { type Windows, widthInWords, windowsOver } from '../charts/windows.ts';
import { shorten } from '../markup/visible.ts';

/** One of the things that are compared, and a run of it. */
export interface DrawnRun {
  readonly label: string;
  readonly run: Run;
}

interface Drawn {
  readonly label: string;
  readonly mark: MarkName;
  readonly subject: Subject;
}

const marks: readonly MarkName[] = ['kind0', 'kind1', 'kind2', 'kind3', 'kind4'];
/** More lines than there are looks tell nobody anything. */
export const mostDrawn = marks.length;

/** Runs in one picture each: throughput and p99 over time with the faults of all, latency by percentile. */
export function runCharts(runs: readonly DrawnRun[]): BenchCharts {
  const drawn = runs.slice(0, mostDrawn).map(({ label, run }, at): Drawn => ({
    label: shorten(label, 48),
    mark: marks[at] ?? 'kind0',
    subject: subjectOf(run),
  }));
  if (drawn.length === 0) return { sections: [], omitted: 0 };
  return {
    sections: [
      {
        name: 'one over the other',
        charts: [...overTime(drawn), ...byPercentile(drawn)],
      },
    ],
    omitted: 0,
  };
}

function overTime(drawn: readonly Drawn[]): ChartDefinition[] {
  const endS = Math.max(...drawn.map(({ subject }) => subject.endS));
  const windows = windowsOver(endS);
  const width = widthInWords(windows.widthS);
  const told = drawn.map((each) => ({ each, ...windowFigures(each.subject, windows) }));
  const line = ({ label, mark }: Drawn, y: readonly (number | null)[]): Series => ({
    ...{ label, mark, drawn: 'line', y },
    x: y.map((_, window) => roundTime(windows.middleS(window))),
  });
  const rates = told.map(({ each, rate }) => line(each, rate));
  const waits = told.map(({ each, p99Ms }) => line(each, p99Ms));
  const latencies = waits.flatMap(({ y }) => y.filter((value) => value !== null));
  const range = rangeAround(Math.min(...latencies), Math.max(...latencies));
  const faults = drawn
    .map(({ label, subject }) => `${label}: ${faultsInWords(subject.bands)}`)
    .join(' ');
  const common = {
    subtitle: `windows of ${width}; the faults of each shaded, in the legend's order`,
    ...{ xLabel: 'time of the run (s)', xMax: endS, faults: bandsOf(drawn) },
  };
  return [
    {
      ...{ name: 'runs-rate', title: 'Throughput over time', ...common },
      description: `Successful operations a second in windows of ${width}. ${faults}`,
      ...{ yLabel: 'successful operations a second', yUnit: 'ops/s', yScale: 'linear', yMin: 0 },
      yMax: Math.max(1, ...rates.flatMap(({ y }) => y.map((value) => value ?? 0))) * 1.08,
      series: rates,
    },
    {
      ...{ name: 'runs-p99', title: 'p99 latency over time', ...common },
      description: `p99 latency of successful operations in windows of ${width}. ${faults}`,
      ...{ yLabel: 'p99 latency (ms)', yUnit: 'ms', yScale: 'logarithmic' },
      ...{ yMin: range.minMs, yMax: range.maxMs, series: waits },
    },
  ];
}

/** Null where the run was over by then, or nothing succeeded. */
interface WindowFigures {
  readonly rate: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
}

function windowFigures({ seen, endS }: Subject, windows: Windows): WindowFigures {
  const latencies = Array.from({ length: windows.count }, (): number[] => []);
  for (let at = 0; at < seen.length; at++) {
    if (columnAt(seen.outcome, at) !== ok) continue;
    latencies[windows.windowOf(columnAt(seen.endNs, at) / 1e9)]?.push(latencyMs(seen, at));
  }
  return {
    rate: latencies.map(({ length }, window) =>
      windows.middleS(window) > endS ? null : roundValue(length / windows.lengthS(window)),
    ),
    p99Ms: latencies.map((values) =>
      nearest(
        values.sort((a, b) => a - b),
        0.99,
      ),
    ),
  };
}

/** Nearest rank; null of nothing. */
function nearest(sorted: ArrayLike<number>, share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined ? null : roundValue(Math.max(value, floorMs));
}

/** A lane for each run; faults of more runs than there are lanes share the last. */
function bandsOf(drawn: readonly Drawn[]): FaultBand[] {
  return drawn.flatMap(({ label, subject }, lane) =>
    subject.bands.map((band) => ({
      ...band,
      labels: [...band.labels.slice(0, 1).map((each) => `${label}: ${each}`), ...band.labels],
      lane: Math.min(lane, 3),
    })),
  );
}

function byPercentile(drawn: readonly Drawn[]): ChartDefinition[] {
  const series = drawn.flatMap(({ label, mark, subject }): Series[] => {
    const sorted = latenciesOf(subject);
    const nines = Array.from({ length: 40 }, (_, at) => (at + 1) / 8).filter(
      // What fewer than one operation in so many tells is no figure.
      (each) => 10 ** each <= sorted.length,
    );
    if (nines.length === 0) return [];
    const y = nines.map((each) => nearest(sorted, 1 - 10 ** -each));
    return [{ label, mark, drawn: 'line', x: nines, y }];
  });
  if (series.length === 0) return [];
  const values = series.flatMap(({ y }) => y.filter((value) => value !== null));
  const range = rangeAround(Math.min(...values), Math.max(...values));
  return [
    {
      name: 'runs-percentiles',
      title: 'Latency by percentile',
      subtitle: 'of successful operations, from when each was due',
      description: `Latency by percentile: ${series.map(({ label, y }) => `${label} up to ${String(y.at(-1))} ms`).join('; ')}.`,
      xAxis: 'nines',
      xLabel: 'share of operations that were at least as fast',
      xMax: Math.max(1, ...series.flatMap(({ x }) => x)) + 0.05,
      ...{ yLabel: 'latency (ms)', yUnit: 'ms', yScale: 'logarithmic' },
      ...{ yMin: range.minMs, yMax: range.maxMs, series, faults: [] },
    },
  ];
}

function latenciesOf({ seen }: Subject): Float64Array {
  const all = new Float64Array(seen.length);
  let count = 0;
  for (let at = 0; at < seen.length; at++) {
    if (columnAt(seen.outcome, at) === ok) all[count++] = latencyMs(seen, at);
  }
  return all.subarray(0, count).sort();
}
