import type { BenchRound, FaultCost } from '../../core/bench.ts';
import { type ChartDefinition, type Series, roundTime, roundValue } from '../charts/definition.ts';
import type { FaultBand } from '../charts/fault-bands.ts';
import { rangeAround } from '../charts/latency-range.ts';
import { widthInWords } from '../charts/windows.ts';
import { shorten } from '../markup/visible.ts';
import { type Group, type MeasuredCell, loadName, loadSize } from './cells.ts';
import { type MarkOf, middleLoad } from './charts.ts';

/** Throughput and p99 over the time of one round of each subject, faults and warm-up shaded. */
export function timeCharts(group: Group, number: number, markOf: MarkOf): ChartDefinition[] {
  const load = middleLoad(group);
  const drawn = group.cells.flatMap((measured) => {
    const round = loadSize(measured.cell.load) === load ? typicalRound(measured) : null;
    return round === null ? [] : [{ measured, round }];
  });
  const [first] = drawn;
  if (first === undefined) return [];
  const bands = bandsOf(drawn);
  const endS = Math.max(
    ...drawn.map(({ round }) => (round.windows.length * round.windowMs) / 1000),
  );
  const width = widthInWords(first.round.windowMs / 1000);
  const at = loadName(first.measured.cell.load);
  const common = {
    subtitle: `${group.name}; at ${at}, of each the round with the median throughput; windows of ${width}`,
    ...{ xLabel: 'time of the round (s)', xMax: endS, faults: bands },
  };
  const seriesWith = (
    pick: (window: BenchRound['windows'][number], widthS: number) => number | null,
  ) =>
    drawn.map(({ measured: { cell }, round }): Series => ({
      ...{ label: shorten(cell.subject, 40), mark: markOf(cell.subject), drawn: 'line' },
      x: round.windows.map(({ atMs }) => roundTime((atMs + round.windowMs / 2) / 1000)),
      y: round.windows.map((window) => pick(window, round.windowMs / 1000)),
    }));
  const rates = seriesWith(({ ok }, widthS) => roundValue(ok / widthS));
  const waits = seriesWith(({ p99Ms }) => (p99Ms > 0 ? roundValue(p99Ms) : null));
  const latencies = waits.flatMap(({ y }) => y.filter((each) => each !== null));
  const range = rangeAround(Math.min(...latencies), Math.max(...latencies));
  const faults = faultWords(drawn);
  return [
    {
      ...{ name: `rate-over-time-${String(number)}`, title: 'Throughput over time', ...common },
      description: `Successful operations a second in windows of ${width}. ${faults}`,
      ...{ yLabel: 'successful operations a second', yUnit: 'ops/s', yScale: 'linear', yMin: 0 },
      yMax: Math.max(1, ...rates.flatMap(({ y }) => y.map((each) => each ?? 0))) * 1.08,
      series: rates,
    },
    {
      ...{ name: `p99-over-time-${String(number)}`, title: 'p99 latency over time', ...common },
      description: `p99 latency of successful operations in windows of ${width}. ${faults}`,
      ...{ yLabel: 'p99 latency (ms)', yUnit: 'ms', yScale: 'logarithmic' },
      ...{ yMin: range.minMs, yMax: range.maxMs, series: waits },
    },
  ];
}

interface Drawn {
  readonly measured: MeasuredCell;
  readonly round: BenchRound;
}

/** The one in the middle by throughput: a mean of rounds would smear what a fault did. */
function typicalRound({ rounds }: MeasuredCell): BenchRound | null {
  const sorted = rounds
    .filter(({ windows }) => windows.length > 1)
    .sort((a, b) => a.counts.ok / a.measuredMs - b.counts.ok / b.measuredMs);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** A lane for each subject, as their faults struck at moments of their own, and one for the warm-up. */
function bandsOf(drawn: readonly Drawn[]): FaultBand[] {
  const common = commonBand(drawn);
  const ofFaults =
    common !== null
      ? [common]
      : drawn.flatMap(({ measured: { cell }, round }, lane) =>
          round.faults.map((fault): FaultBand => {
            const [kind, subject] = [shorten(fault.kind, 24), shorten(cell.subject, 30)];
            return {
              ...{ kind, beginS: fault.beginMs / 1000, activeS: fault.beginMs / 1000 },
              labels: [
                `${subject}: ${shorten(fault.summary, 50)}`,
                `${subject}: ${kind}`,
                subject,
                kind.slice(0, 3),
              ],
              ...{ healS: fault.endMs / 1000, endS: fault.endMs / 1000, failed: false },
              lane: Math.min(lane, 3),
            };
          }),
        );
  const warmUpMs = Math.max(0, ...drawn.map(({ round }) => round.warmUpMs));
  if (warmUpMs === 0) return ofFaults;
  const endS = warmUpMs / 1000;
  const warmUp: FaultBand = {
    ...{ kind: 'warm-up', labels: ['warm-up, not counted', 'warm-up', 'wu'], beginS: 0 },
    ...{ activeS: 0, healS: endS, endS, failed: false, lane: 0 },
  };
  return [warmUp, ...ofFaults];
}

/** One band for all where their faults struck at the same time, or the shades would add up. */
function commonBand(drawn: readonly Drawn[]): FaultBand | null {
  const all = drawn.flatMap(({ round }) => round.faults);
  const [first] = all;
  if (first === undefined || drawn.some(({ round }) => round.faults.length !== 1)) return null;
  const windowMs = drawn[0]?.round.windowMs ?? 0;
  const isNear = (fault: FaultCost): boolean =>
    fault.kind === first.kind &&
    Math.abs(fault.beginMs - first.beginMs) <= windowMs &&
    Math.abs(fault.endMs - first.endMs) <= windowMs;
  if (!all.every(isNear)) return null;
  const kind = shorten(first.kind, 24);
  const beginS = Math.min(...all.map(({ beginMs }) => beginMs)) / 1000;
  const endS = Math.max(...all.map(({ endMs }) => endMs)) / 1000;
  const who = drawn.length === 1 ? '' : ', of each system';
  const labels = [
    `${kind}: ${shorten(first.summary, 50)}${who}`,
    `${kind}${who}`,
    kind,
    kind.slice(0, 3),
  ];
  return { kind, labels, beginS, activeS: beginS, healS: endS, endS, failed: false, lane: 0 };
}

function faultWords(drawn: readonly Drawn[]): string {
  const words = drawn.flatMap(({ measured: { cell }, round }) =>
    round.faults.map(
      ({ summary, beginMs, endMs }) =>
        `${shorten(cell.subject, 30)}: ${shorten(summary, 60)} from ${(beginMs / 1000).toFixed(1)} s to ${(endMs / 1000).toFixed(1)} s`,
    ),
  );
  return words.length === 0 ? 'No faults.' : `${words.join('; ')}.`;
}
