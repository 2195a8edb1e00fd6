import { count } from '../figures.ts';
import { shorten } from '../markup/visible.ts';
import { type ChartDefinition, type Series, roundTime, roundValue } from './definition.ts';
import { type Observations, columnAt, latencyMs, open } from './observations.ts';
import { type LatencyRange, floorMs, rangeAround } from './latency-range.ts';
import { sample } from './sampling.ts';
import { type Subject, faultsInWords } from './subject.ts';

/** Points drawn at most; more than the cells, so that every cell can keep a point. */
const maximumPoints = 12_000;
const timeCells = 160;
const latencyCells = 24;
/** Outcomes told apart: ok, fail, and unknown with or without a completion. */
const marks = ['ok', 'fail', 'info'] as const;

/** Every operation as a point, where it started and how long its client waited. */
export function latencyRaw(subject: Subject): ChartDefinition {
  const { seen, endS } = subject;
  const range = latencyRange(seen);
  const chosen = sample(cloudOf(subject, range), maximumPoints);
  const drawn =
    chosen.length === seen.total
      ? `all ${count(seen.total)} operations drawn`
      : `${count(chosen.length)} of ${count(seen.total)} operations drawn, crowds thinned (less near faults), outliers kept`;
  return {
    name: 'latency-raw',
    title: 'Latency of every operation',
    subtitle: `${subject.line}; ${drawn}`,
    description: `Latency of each operation over time on a logarithmic scale, by outcome. ${faultsInWords(subject.bands)}`,
    xLabel: 'start of the operation (s)',
    xMax: endS,
    yLabel: 'latency (ms)',
    yUnit: 'ms',
    yScale: 'logarithmic',
    yMin: range.minMs,
    yMax: range.maxMs,
    series: marks.map((_, at) => seriesOf(seen, chosen, at)),
    faults: subject.bands,
  };
}

const labels = { ok: 'ok', fail: 'fail: had no effect', info: 'info: effect unknown' } as const;

function seriesOf(seen: Observations, chosen: Uint32Array, wanted: number): Series {
  const mark = marks[wanted] ?? 'info';
  const mine = [...chosen]
    .filter((at) => markOf(seen, at) === wanted)
    .sort((a, b) => columnAt(seen.startNs, a) - columnAt(seen.startNs, b));
  return {
    label: labels[mark],
    mark,
    drawn: 'points',
    x: mine.map((at) => roundTime(columnAt(seen.startNs, at) / 1e9)),
    y: mine.map((at) => roundValue(Math.max(latencyMs(seen, at), floorMs))),
    names: seen.ops.map((name) => shorten(name, 40)),
    nameOf: mine.map((at) => columnAt(seen.op, at)),
  };
}

function markOf(seen: Observations, at: number): number {
  const outcome = columnAt(seen.outcome, at);
  return outcome === open ? 2 : outcome;
}

function latencyRange(seen: Observations): LatencyRange {
  let leastMs = Infinity;
  let mostMs = 0;
  for (let at = 0; at < seen.length; at++) {
    const latency = Math.max(latencyMs(seen, at), floorMs);
    leastMs = Math.min(leastMs, latency);
    mostMs = Math.max(mostMs, latency);
  }
  return rangeAround(leastMs, mostMs);
}

function cloudOf(subject: Subject, { minMs, maxMs }: LatencyRange) {
  const { seen, bands, endS } = subject;
  const marginS = Math.max(0.5, endS * 0.02);
  const busyTimes = Array.from({ length: timeCells }, (_, cell) => {
    const fromS = (cell * endS) / timeCells - marginS;
    const toS = ((cell + 1) * endS) / timeCells + marginS;
    return bands.some((band) => band.beginS <= toS && band.endS >= fromS);
  });
  const cell = (share: number, cells: number): number =>
    Math.min(cells - 1, Math.max(0, Math.floor(share * cells)));
  const span = Math.log(maxMs / minMs);
  return {
    length: seen.length,
    cells: marks.length * latencyCells * timeCells,
    cellOf(at: number): number {
      const time = cell(columnAt(seen.startNs, at) / 1e9 / endS, timeCells);
      const latency = Math.log(Math.max(latencyMs(seen, at), floorMs) / minMs) / span;
      const row = cell(latency, latencyCells);
      return (markOf(seen, at) * latencyCells + row) * timeCells + time;
    },
    groups: marks.length * timeCells,
    groupOf: (at: number) =>
      Math.floor(at / (latencyCells * timeCells)) * timeCells + (at % timeCells),
    weightOf: (at: number) => latencyMs(seen, at),
    isBusy: (at: number) => busyTimes[at % timeCells] ?? false,
  };
}
