import type { Bench } from '../core/bench.ts';
import { type BenchCharts, benchCharts } from '../reports/bench/charts.ts';
import { subjectsOf } from './bench-side.ts';
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
  const parts = saved.map(({ bench }, at) => renamed(bench, { label: names[at] ?? '', several }));
  return {
    ...first.bench,
    cells: parts.flatMap(({ cells }) => cells),
    rounds: parts.flatMap(({ rounds }) => rounds),
  };
}

/** `2026-01-31T12-00-00.000` where all lie in one folder: a legend has no room for what tells nothing. */
function shortNames(labels: readonly string[]): readonly string[] {
  const folders = new Set(labels.map((label) => label.slice(0, label.lastIndexOf('/') + 1)));
  const [folder = ''] = folders;
  return folders.size > 1 ? labels : labels.map((label) => label.slice(folder.length));
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
      subject: several ? `${cell.subject}, ${label}` : label,
    })),
    rounds: bench.rounds.map((round) => ({ ...round, cell: idOf(round.cell) })),
  };
}
