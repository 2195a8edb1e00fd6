import { digits, duration } from '../reports/figures.ts';
import type { Entry } from './entry.ts';

/** What of a benchmark's cell is worth a column, as far as any cell has it. */
const columns = ['throughput', 'p50', 'p90', 'p99', 'p99.9', 'errors', 'messages', 'fsyncs'];

/** A benchmark's figures, means over its rounds, as texts. */
export interface CellTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly cell: string; readonly texts: readonly string[] }[];
}

const durations: ReadonlySet<string> = new Set(['mean', 'max', 'recovery', 'withoutService']);
const mostCells = 500;

/** From figures by cell and name, as in `raft n3 c64 throughput`. */
export function cellTable(figures: Entry['figures']): CellTable {
  const cells = new Map<string, Map<string, number>>();
  for (const [name, value] of Object.entries(figures)) {
    const end = name.lastIndexOf(' ');
    const cell = name.slice(0, end);
    const own = cells.get(cell) ?? new Map<string, number>();
    cells.set(cell, own.set(name.slice(end + 1), value));
  }
  const all = [...cells.values()];
  const shown = columns.filter((column) => all.some((own) => own.has(column)));
  return {
    columns: shown,
    rows: [...cells].slice(0, mostCells).map(([cell, own]) => ({
      cell,
      texts: shown.map((column) => figureText(column, own.get(column) ?? Number.NaN)),
    })),
  };
}

/** With its unit, so that nobody has to look it up; of `read.p99` and of `raft n3 c64 p99` as of `p99`. */
export function figureText(name: string, value: number): string {
  const column = /(?:^|[ .])(p[\d.]+|[a-zA-Z]+)$/u.exec(name)?.[1] ?? name;
  if (Number.isNaN(value)) return digits(value);
  if (/^p\d/u.test(column) || durations.has(column)) return duration(value);
  if (column === 'throughput') return `${digits(value)}/s`;
  return column === 'errors' ? `${digits(value)} %` : digits(value);
}
