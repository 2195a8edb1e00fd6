import type { Bench } from '../core/bench.ts';
import { type BenchCharts, benchCharts } from '../reports/bench/charts.ts';
import { benchSide, subjectsOf } from './bench-side.ts';
import type { SavedBench } from './compare-benches.ts';

/** The charts of several benchmarks in one: what was measured alike stands in the same picture. */
export function comparisonCharts(saved: readonly SavedBench[]): BenchCharts {
  return benchCharts(joined(saved));
}

/**
 * One benchmark of all their cells. What is compared is what each was called in the comparison, so that
 * one system, measured at two times, is two subjects.
 */
function joined(saved: readonly SavedBench[]): Bench {
  const [first] = saved;
  if (first === undefined) throw new Error('expected a benchmark to draw, got none');
  if (saved.length === 1) return first.bench;
  const several = saved.some(({ bench }) => subjectsOf(bench).length > 1);
  const names = shortNames(saved.map(({ label }) => label));
  const shared = sharedKeys(saved.map(({ bench }) => keysOf(bench, several)));
  const parts = saved.map(({ bench }, at) => {
    const keys = keysOf(bench, several);
    const cells = bench.cells.filter((_, place) => shared.has(keys[place] ?? ''));
    return renamed({ ...bench, cells }, { label: names[at] ?? '', several });
  });
  return {
    ...first.bench,
    cells: parts.flatMap(({ cells }) => cells),
    rounds: parts.flatMap(({ rounds }) => rounds),
  };
}

/**
 * What tells folders of the store apart, for legends that have no room for the rest: of two of one day
 * `12-00-00` and `12-40-00`.
 */
export function shortNames(labels: readonly string[]): readonly string[] {
  const [first = ''] = labels;
  if (labels.length < 2) return labels;
  let same = 0;
  while (same < first.length && labels.every((label) => label[same] === first[same])) same++;
  const shared = first.slice(0, same);
  // A time of day is never cut up.
  const day = /^.*\d{4}-\d{2}-\d{2}T/u.exec(shared)?.[0] ?? /^.*[/-]/u.exec(shared)?.[0] ?? '';
  const names = labels.map((label) => label.slice(day.length));
  const briefer = names.map((name) => name.replace(/\.\d{3}$/u, ''));
  return new Set(briefer).size === labels.length ? briefer : names;
}

/** What each cell was measured under, in order. */
function keysOf(bench: Bench, named: boolean): readonly string[] {
  return benchSide({ ...bench, rounds: [] }, { label: '', path: '', named }).cells.map(
    ({ key }) => key,
  );
}

/** What only one of them has cannot be compared, and is in its own report. */
function sharedKeys(all: readonly (readonly string[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const key of all.flatMap((keys) => [...new Set(keys)])) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([key]) => key));
}

interface Naming {
  readonly label: string;
  /** Whether a benchmark has several systems, so that its own name does not tell which. */
  readonly several: boolean;
}

function renamed(bench: Bench, { label, several }: Naming): Bench {
  const idOf = (id: string): string => `${label} ${id}`;
  return {
    ...bench,
    cells: bench.cells.map((cell) => ({
      ...cell,
      id: idOf(cell.id),
      subject: several ? `${label} ${cell.subject}` : label,
    })),
    rounds: bench.rounds.map((round) => ({ ...round, cell: idOf(round.cell) })),
  };
}
