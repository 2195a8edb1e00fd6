import { type ChartDefinition, type Series, roundTime, roundValue } from './definition.ts';
import { floorMs, rangeAround } from './latency-range.ts';
import { columnAt, latencyMs, ok } from './observations.ts';
import { type Subject, faultsInWords } from './subject.ts';
import { type Windows, finerWindows, widthInWords, windowsOver } from './windows.ts';

const quantiles = [
  { mark: 'p50', share: 0.5 },
  { mark: 'p90', share: 0.9 },
  { mark: 'p99', share: 0.99 },
  { mark: 'max', share: 1 },
] as const;

/** How the latency of what succeeded moved over time; a window in which nothing did is a gap. */
export function latencyQuantiles(subject: Subject): ChartDefinition {
  const windows = windowsOver(subject.endS);
  const series = seriesOf(subject, windows);
  const drawn = series.flatMap(({ y }) => y).filter((value) => value !== null);
  const range = rangeAround(Math.min(...drawn), Math.max(...drawn));
  const width = widthInWords(windows.widthS);
  return {
    name: 'latency-quantiles',
    title: 'Latency quantiles of successful operations',
    subtitle: `${subject.line}; windows of ${width}`,
    description: `Median, 90th and 99th percentile and maximum of the latency of successful operations in windows of ${width}, on a logarithmic scale. ${faultsInWords(subject.bands)}`,
    xLabel: 'start of the operation (s)',
    xMax: subject.endS,
    yLabel: 'latency (ms)',
    yUnit: 'ms',
    yScale: 'logarithmic',
    yMin: range.minMs,
    yMax: range.maxMs,
    series,
    finer: finerWindows(subject.endS).map((each) => ({
      widthS: each.widthS,
      series: seriesOf(subject, each),
    })),
    faults: subject.bands,
  };
}

function seriesOf(subject: Subject, windows: Windows): Series[] {
  const sorted = sortedByWindow(subject, windows);
  return quantiles.map(({ mark, share }) => ({
    label: mark,
    mark,
    drawn: 'line',
    x: sorted.map((_, window) => roundTime(windows.middleS(window))),
    y: sorted.map((values) => quantile(values, share)),
  }));
}

/** Nearest rank; null of nothing. */
function quantile(sorted: Float64Array, share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined ? null : roundValue(Math.max(value, floorMs));
}

/** Exact latencies, in one array with a stretch for each window, each stretch sorted. */
function sortedByWindow({ seen }: Subject, windows: Windows): Float64Array[] {
  const starts = new Uint32Array(windows.count + 1);
  const windowOf = (at: number): number =>
    columnAt(seen.outcome, at) === ok ? windows.windowOf(columnAt(seen.startNs, at) / 1e9) : -1;
  for (let at = 0; at < seen.length; at++) {
    const window = windowOf(at);
    if (window >= 0) starts[window + 1] = (starts[window + 1] ?? 0) + 1;
  }
  for (let window = 0; window < windows.count; window++) {
    starts[window + 1] = (starts[window + 1] ?? 0) + (starts[window] ?? 0);
  }
  const values = new Float64Array(starts[windows.count] ?? 0);
  const next = starts.slice();
  for (let at = 0; at < seen.length; at++) {
    const window = windowOf(at);
    if (window < 0) continue;
    const place = next[window] ?? 0;
    values[place] = latencyMs(seen, at);
    next[window] = place + 1;
  }
  return Array.from({ length: windows.count }, (_, window) =>
    values.subarray(starts[window], starts[window + 1]).sort(),
  );
}
