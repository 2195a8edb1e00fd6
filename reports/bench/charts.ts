import type { Bench } from '../../core/bench.ts';
import {
  type ChartDefinition,
  type MarkName,
  type Series,
  roundValue,
} from '../charts/definition.ts';
import { rangeAround } from '../charts/latency-range.ts';
import { shorten } from '../markup/visible.ts';
import {
  type Group,
  type MeasuredCell,
  groupsOf,
  loadName,
  loadSize,
  loadWord,
  measuredCells,
  subjectsIn,
} from './cells.ts';
import { costCharts } from './cost-charts.ts';
import { timeCharts } from './time-charts.ts';

const marks: readonly MarkName[] = ['kind0', 'kind1', 'kind2', 'kind3', 'kind4'];

/** Charts drawn at most; a bench that varies everything has more than anybody looks at. */
const maximumCharts = 40;

export interface BenchCharts {
  readonly sections: readonly ChartSection[];
  /** Charts left out. */
  readonly omitted: number;
}

/** Charts that belong together. */
export interface ChartSection {
  readonly name: string;
  readonly charts: readonly ChartDefinition[];
}

/** All charts of a bench: groups in its order, and of each throughput against latency first. */
export function benchCharts(bench: Bench): BenchCharts {
  const measured = measuredCells(bench);
  const marksOf = markBySubject(measured);
  const sections = [
    ...groupsOf(measured).map((group, at) => ({
      name: group.name,
      charts: [
        ...throughputLatency(group, at + 1, marksOf),
        ...distribution(group, at + 1, marksOf),
        ...timeCharts(group, at + 1, marksOf),
        ...costCharts(group, at + 1, marksOf),
      ],
    })),
    { name: 'scaling with nodes', charts: scaling(measured, marksOf) },
  ].filter(({ charts }) => charts.length > 0);
  let room = maximumCharts;
  const kept = sections.map(({ name, charts }) => {
    const own = charts.slice(0, room);
    room -= own.length;
    return { name, charts: own };
  });
  const all = sections.reduce((sum, { charts }) => sum + charts.length, 0);
  return {
    sections: kept.filter(({ charts }) => charts.length > 0),
    omitted: all - (maximumCharts - room),
  };
}

/** The look of each subject, the same in all charts. */
export type MarkOf = (subject: string) => MarkName;

function markBySubject(measured: readonly MeasuredCell[]): MarkOf {
  const numbers = new Map(subjectsIn(measured).map((subject, at) => [subject, at]));
  return (subject) => marks[(numbers.get(subject) ?? 0) % marks.length] ?? 'kind0';
}

/** Cells by subject, each in order of load. */
export function bySubject({ cells }: Group): [subject: string, cells: MeasuredCell[]][] {
  const sorted = [...cells].sort((a, b) => loadSize(a.cell.load) - loadSize(b.cell.load));
  const groups = Map.groupBy(sorted, ({ cell }) => cell.subject);
  return subjectsIn(cells).map((subject) => [subject, groups.get(subject) ?? []]);
}

/** The hockey stick: as more is asked, throughput grows until only latency does. */
function throughputLatency(group: Group, number: number, markOf: MarkOf): ChartDefinition[] {
  const isCurve = bySubject(group).some(([, cells]) => cells.length > 1);
  if (!isCurve) return [];
  return (['p99Ms', 'p50Ms'] as const).map((figure) => {
    const quantile = figure === 'p99Ms' ? 'p99' : 'median';
    const series = bySubject(group).map(([subject, cells]) =>
      curveOf(subject, cells, { figure, mark: markOf(subject) }),
    );
    const drawn = series.flatMap(({ y }) => y.filter((each) => each !== null));
    const bounds = series.flatMap(({ low = [], high = [] }) => [...low, ...high]);
    const told = [...drawn, ...bounds.filter((each) => each !== null)];
    // An interval of many powers of ten must not flatten the curves; what reaches further is cut off.
    const range = rangeAround(
      Math.max(Math.min(...drawn) / 5, Math.min(...told)),
      Math.min(Math.max(...drawn) * 5, Math.max(...told)),
    );
    return {
      name: `throughput-${quantile}-${String(number)}`,
      title: `Throughput and ${quantile} latency as the load grows`,
      subtitle: `${group.name}; hollow: limited by the load generator; lines through a point: 95 % interval`,
      description: `${quantile} latency against throughput. ${curvesInWords(group, figure)}`,
      xAxis: 'linear',
      xLabel: 'successful operations a second',
      xMax: Math.max(1, ...series.flatMap(({ x }) => x)) * 1.06,
      yLabel: `${quantile} latency (ms)`,
      yUnit: 'ms',
      yScale: 'logarithmic',
      ...{ yMin: range.minMs, yMax: range.maxMs, series, faults: [] },
    };
  });
}

type LatencyFigure = 'p50Ms' | 'p99Ms';

function curveOf(
  subject: string,
  cells: readonly MeasuredCell[],
  { figure, mark }: { readonly figure: LatencyFigure; readonly mark: MarkName },
): Series {
  const told = cells.filter((each) => each.throughput !== null && each[figure] !== null);
  return {
    ...{ label: shorten(subject, 40), mark, drawn: 'line' },
    x: told.map(({ throughput }) => roundValue(throughput?.mean ?? 0)),
    y: told.map((each) => roundValue(Math.max(0.001, each[figure]?.mean ?? 0))),
    low: told.map((each) => boundOf(each[figure]?.low)),
    high: told.map((each) => boundOf(each[figure]?.high)),
    names: told.map(({ cell, limitedBy }) =>
      limitedBy === null ? loadName(cell.load) : `${loadName(cell.load)}, limited by the generator`,
    ),
    nameOf: told.map((_, at) => at),
    words: told.map(({ cell }) => loadWord(cell.load)),
    limited: told.map(({ limitedBy }) => limitedBy !== null),
  };
}

function boundOf(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : roundValue(Math.max(0.001, value));
}

function curvesInWords(group: Group, figure: LatencyFigure): string {
  return bySubject(group)
    .map(([subject, cells]) => {
      const points = cells.map(
        (each) =>
          `${loadName(each.cell.load)}: ${String(roundValue(each.throughput?.mean ?? 0))}/s at ${String(roundValue(each[figure]?.mean ?? 0))} ms`,
      );
      return `${shorten(subject, 40)}: ${points.slice(0, 12).join('; ')}.`;
    })
    .join(' ');
}

/** Up to five nines, on an axis on which each nine takes the same room. */
function distribution(group: Group, number: number, markOf: MarkOf): ChartDefinition[] {
  const load = middleLoad(group);
  const cells = group.cells.filter(
    ({ cell, latencies }) => loadSize(cell.load) === load && latencies !== null,
  );
  const [first] = cells;
  if (first === undefined) return [];
  const series = cells.map(({ cell, latencies }): Series => {
    const nines = Array.from({ length: 40 }, (_, at) => (at + 1) / 8).filter(
      // What fewer than one operation in so many tells is no figure.
      (each) => 10 ** each <= (latencies?.count ?? 0),
    );
    return {
      ...{ label: shorten(cell.subject, 40), mark: markOf(cell.subject), drawn: 'line', x: nines },
      y: nines.map((each) =>
        roundValue(Math.max(0.001, latencies?.at(100 - 100 / 10 ** each) ?? 0)),
      ),
    };
  });
  const drawn = series.flatMap(({ y }) => y.filter((each) => each !== null));
  const range = rangeAround(Math.min(...drawn), Math.max(...drawn));
  const at = loadName(first.cell.load);
  return [
    {
      name: `latency-distribution-${String(number)}`,
      title: `Latency by percentile at ${at}`,
      subtitle: `${group.name}; all rounds together, from when each operation was due`,
      description: `Latency by percentile at ${at}: ${cells.map(({ cell, latencies }) => `${shorten(cell.subject, 40)} median ${String(latencies?.at(50))} ms, p99 ${String(latencies?.at(99))} ms, p99.9 ${String(latencies?.at(99.9))} ms`).join('; ')}.`,
      xAxis: 'nines',
      xLabel: 'share of operations that were at least as fast',
      xMax: Math.max(1, ...series.flatMap(({ x }) => x)) + 0.05,
      ...{ yLabel: 'latency (ms)', yUnit: 'ms', yScale: 'logarithmic' },
      ...{ yMin: range.minMs, yMax: range.maxMs, series, faults: [] },
    },
  ];
}

/** The load in the middle of those that were tried: busy, and not yet drowned. */
export function middleLoad({ cells }: Group): number {
  const sizes = [...new Set(cells.map(({ cell }) => loadSize(cell.load)))].sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

/** Intervals of several subjects stand beside each other, in nodes. */
const besideStep = 0.05;

/** The best throughput of each subject, as nodes are added. */
function scaling(measured: readonly MeasuredCell[], markOf: MarkOf): ChartDefinition[] {
  const withoutNodes = ({ cell }: MeasuredCell): string => {
    const { world, mix, keys, valueBytes, fault, load } = cell;
    return JSON.stringify([world, mix.name, keys, valueBytes, fault, load.kind]);
  };
  return [...Map.groupBy(measured, withoutNodes).values()].flatMap((cells, at) => {
    const sizes = [...new Set(cells.map(({ cell }) => cell.nodes))].sort((a, b) => a - b);
    const [first] = groupsOf(cells);
    if (sizes.length < 2 || first === undefined) return [];
    const subjects = subjectsIn(cells);
    const series = subjects.map((subject, place) => {
      const aside = besideStep * (place - (subjects.length - 1) / 2);
      return bestBySize(subject, cells, { sizes, aside, mark: markOf(subject) });
    });
    const highest = series.flatMap(({ y, high = [] }) => [...y, ...high]).map((each) => each ?? 0);
    return [
      {
        name: `scaling-${String(at + 1)}`,
        title: 'Best throughput by number of nodes',
        subtitle: `${first.name.replace(/, \d+ nodes/u, '')}; the load at which each did best; hollow: limited by the load generator`,
        description: `Best throughput by number of nodes: ${series.map(({ label, x, y }) => `${label} ${x.map((size, place) => `${Math.round(size)} nodes ${String(y[place])}/s`).join(', ')}`).join('; ')}.`,
        xAxis: 'whole',
        xLabel: 'nodes',
        xMin: Math.max(0, Math.min(...sizes) - 1),
        xMax: Math.max(...sizes) + 1,
        ...{ yLabel: 'successful operations a second', yUnit: 'ops/s', yScale: 'linear' },
        ...{ yMin: 0, yMax: Math.max(1, ...highest) * 1.08, series, faults: [] },
      },
    ];
  });
}

interface Place {
  readonly sizes: readonly number[];
  readonly aside: number;
  readonly mark: MarkName;
}

function bestBySize(
  subject: string,
  cells: readonly MeasuredCell[],
  { sizes, aside, mark }: Place,
): Series {
  const best = sizes.flatMap((nodes) => {
    const mine = cells.filter(({ cell }) => cell.subject === subject && cell.nodes === nodes);
    const [top] = mine.sort((a, b) => (b.throughput?.mean ?? 0) - (a.throughput?.mean ?? 0));
    return top === undefined ? [] : [top];
  });
  return {
    ...{ label: shorten(subject, 40), mark, drawn: 'line' },
    x: best.map(({ cell }) => cell.nodes + aside),
    y: best.map(({ throughput }) => roundValue(throughput?.mean ?? 0)),
    low: best.map(({ throughput }) => throughput?.low ?? null),
    high: best.map(({ throughput }) => throughput?.high ?? null),
    names: best.map(({ cell }) => `${String(cell.nodes)} nodes at ${loadName(cell.load)}`),
    nameOf: best.map((_, at) => at),
    limited: best.map(({ limitedBy }) => limitedBy !== null),
  };
}
