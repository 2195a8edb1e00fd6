import { shorten } from '../markup/visible.ts';
import {
  type ChartDefinition,
  type MarkName,
  type Series,
  roundTime,
  roundValue,
} from './definition.ts';
import { columnAt, ok, open } from './observations.ts';
import { type Subject, faultsInWords } from './subject.ts';
import { type Windows, finerWindows, widthInWords, windowsOver } from './windows.ts';

const kindMarks: readonly MarkName[] = ['kind0', 'kind1', 'kind2', 'kind3', 'kind4'];

/** Completions a second: what succeeded by kind of operation, and what did not by outcome. */
export function throughput(subject: Subject): ChartDefinition {
  const windows = windowsOver(subject.endS);
  const series = seriesOf(subject, windows);
  const most = Math.max(1, ...series.flatMap((each) => each.y.map((value) => value ?? 0)));
  const width = widthInWords(windows.widthS);
  return {
    name: 'throughput',
    title: 'Throughput',
    subtitle: `${subject.line}; windows of ${width}`,
    description: `Completed operations a second in windows of ${width}: successful ones by kind, and those that failed or whose effect is unknown. ${faultsInWords(subject.bands)}`,
    xLabel: 'completion of the operation (s)',
    xMax: subject.endS,
    yLabel: 'operations a second',
    yUnit: 'ops/s',
    yScale: 'linear',
    yMin: 0,
    yMax: most * 1.08,
    series,
    finer: finerWindows(subject.endS).map((each) => ({
      widthS: each.widthS,
      series: seriesOf(subject, each),
    })),
    faults: subject.bands,
  };
}

function seriesOf(subject: Subject, windows: Windows): Series[] {
  const { seen } = subject;
  const { kinds, rowOf } = kindsOf(subject);
  const failRow = kinds.length;
  const rows = Array.from({ length: kinds.length + 2 }, () => new Uint32Array(windows.count));
  for (let at = 0; at < seen.length; at++) {
    const outcome = columnAt(seen.outcome, at);
    if (outcome === open) continue;
    const window = windows.windowOf(columnAt(seen.endNs, at) / 1e9);
    const row = rows[outcome === ok ? rowOf(columnAt(seen.op, at)) : failRow + outcome - 1];
    if (row !== undefined && window >= 0) row[window] = (row[window] ?? 0) + 1;
  }
  const line = (label: string, mark: MarkName, row: Uint32Array | undefined): Series => ({
    label,
    mark,
    drawn: 'line',
    x: Array.from({ length: windows.count }, (_, window) => roundTime(windows.middleS(window))),
    y: Array.from(row ?? [], (each, window) => roundValue(each / windows.lengthS(window))),
  });
  return [
    ...kinds.map((kind, at) => line(`${kind} ok`, kindMarks[at] ?? 'kind4', rows[at])),
    line('any fail', 'fail', rows[failRow]),
    line('any info', 'info', rows[failRow + 1]),
  ];
}

/** The most frequent kinds have a line each; the last line holds the others together. */
function kindsOf({ seen }: Subject): { kinds: string[]; rowOf: (op: number) => number } {
  const counts = seen.ops.map((name, op) => ({ name, op, count: 0 }));
  for (let at = 0; at < seen.length; at++) {
    const entry = counts[columnAt(seen.op, at)];
    if (entry !== undefined) entry.count += 1;
  }
  const fits = counts.length <= kindMarks.length;
  const own = [...counts]
    .sort((a, b) => b.count - a.count)
    .slice(0, fits ? kindMarks.length : kindMarks.length - 1)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = new Map(own.map(({ op }, row) => [op, row]));
  return {
    kinds: [...own.map(({ name }) => shorten(name, 24)), ...(fits ? [] : ['others'])],
    rowOf: (op) => rows.get(op) ?? own.length,
  };
}
