import { textTable } from '../reports/text-table.ts';
import { mostCpuMs, reached } from './goals/reached.ts';
import type { Limit } from './goals/row.ts';
import type { Figures, RowResult, Verdicts } from './run-row.ts';

const ownColumns = [
  { title: 'goal', right: true },
  { title: 'history' },
  { title: 'CPU', right: true },
  { title: 'memory', right: true },
  { title: 'verdict' },
  { title: 'evidence', right: true },
  { title: 'decided by' },
  { title: 'steps', right: true },
  { title: 'A: must' },
  { title: 'B: aim' },
];

const otherColumns = [
  { title: 'other CPU', right: true },
  { title: 'memory', right: true },
  { title: 'verdict' },
  { title: 'CPU ratio', right: true },
];

/** All results as one table of plain text, with what could not be measured below it. */
export function tableOf(results: readonly RowResult[]): string {
  const hasOther = results.some(({ other }) => other !== null);
  const columns = hasOther ? [...ownColumns, ...otherColumns] : ownColumns;
  const rows = results.map((result) => [
    ...ownCells(result),
    ...(hasOther ? otherCells(result) : []),
  ]);
  const notes = results.flatMap(({ row, note }) =>
    note === null ? [] : [`${row.goal === null ? '' : `${row.goal}: `}${row.history}: ${note}`],
  );
  return [textTable(columns, rows), ...notes].join('\n');
}

/** One row in a line, for watching a long measurement. */
export function lineOf(result: RowResult): string {
  return ownCells(result)
    .filter((cell) => cell !== '' && cell !== '–')
    .join('  ');
}

/** How many goals are met: a goal is, when all of its rows are. */
export function tallyOf(results: readonly RowResult[]): string {
  const tally = (limitOf: (result: RowResult) => Limit | null): string => {
    const goals = Map.groupBy(
      results.filter((result) => result.row.goal !== null && limitOf(result) !== null),
      (result) => result.row.goal,
    );
    const isMet = (rows: readonly RowResult[]): boolean =>
      rows.every((row) => reached(limitOf(row) ?? {}, row) === 'met');
    const missed = [...goals].filter(([, rows]) => !isMet(rows)).map(([goal]) => goal);
    const met = `${goals.size - missed.length} of ${goals.size} goals met`;
    return missed.length === 0 ? met : `${met}, not ${missed.join(', ')}`;
  };
  return `A: ${tally(({ row }) => row.must)}\nB: ${tally(({ row }) => row.aim)}`;
}

function ownCells(result: RowResult): readonly string[] {
  const { row, ours } = result;
  return [
    row.goal === null ? '' : String(row.goal),
    row.history,
    ...figureCells(ours),
    evidenceCell(ours),
    algorithmsCell(ours?.algorithms ?? []),
    grouped(ours?.steps ?? null),
    limitCell(row.must, result),
    limitCell(row.aim, result),
  ];
}

function otherCells({ ours, other }: RowResult): readonly string[] {
  const isEnded = other?.verdicts.unknown === 0;
  const ratio = ours === null || !isEnded ? '–' : (ours.cpuMs / other.cpuMs).toPrecision(2);
  return [...figureCells(other), ratio];
}

function figureCells(figures: Figures | null): readonly string[] {
  if (figures === null) return ['–', '–', '–'];
  return [duration(figures.cpuMs), memory(figures.peakMb), verdictCell(figures.verdicts)];
}

const mostAlgorithms = 3;

function algorithmsCell(algorithms: readonly string[]): string {
  if (algorithms.length > mostAlgorithms) return `${algorithms.length} algorithms`;
  return algorithms.length === 0 ? '–' : algorithms.join(', ');
}

/** Nothing worth showing where it takes no time. */
function evidenceCell(figures: Figures | null): string {
  const evidenceMs = figures?.evidenceMs ?? 0;
  return evidenceMs < 0.5 ? '–' : duration(evidenceMs);
}

function verdictCell({ files, right, wrong, unknown, only }: Verdicts): string {
  if (only !== null) return wrong > 0 ? `${only}, WRONG` : only;
  const rest = [wrong > 0 ? `${wrong} WRONG` : '', unknown > 0 ? `${unknown} unknown` : ''];
  return [`${right} of ${files} right`, ...rest].filter((part) => part !== '').join(', ');
}

function limitCell(limit: Limit | null, result: RowResult): string {
  if (limit === null) return '–';
  const mostMs = mostCpuMs(limit, result);
  const parts = [
    mostMs === null || mostMs === Infinity ? '' : `≤ ${duration(mostMs)}`,
    limit.peakMb === undefined ? '' : `≤ ${memory(limit.peakMb)}`,
  ];
  return [reached(limit, result), ...parts.filter((part) => part !== '')].join(' ');
}

/** Two or three figures that count, in the unit that suits them. */
export function duration(timeMs: number): string {
  if (timeMs >= 9_995) return `${(timeMs / 1_000).toFixed(1)} s`;
  if (timeMs >= 999.5) return `${(timeMs / 1_000).toFixed(2)} s`;
  return timeMs >= 9.95 ? `${timeMs.toFixed(0)} ms` : `${timeMs.toFixed(1)} ms`;
}

function memory(sizeMb: number): string {
  return `${sizeMb.toFixed(sizeMb < 9.95 ? 1 : 0)} MB`;
}

function grouped(count: number | null): string {
  if (count === null) return '–';
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
