import { basename, dirname } from 'node:path';
import type { Bench } from '../../core/bench.ts';
import { renderBench } from '../../reports/bench/render-bench.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { type RunFolder, writeArtifacts } from '../../store/run-folder.ts';
import { compared } from '../compare/compare.ts';
import { messageOf } from '../failure.ts';

/** Draws a benchmark into its folder; null, or why that could not be done: the figures stand all the same. */
export async function renderReport(
  bench: Bench,
  folder: Pick<RunFolder, 'path'>,
): Promise<string | null> {
  if (bench.rounds.length === 0) return null;
  try {
    const { path } = folder;
    const comparison = comparisonOfSubjects(bench, path);
    await writeArtifacts(folder, await renderBench(bench, { comparison, path }));
    return null;
  } catch (error) {
    return `the report could not be drawn: ${messageOf(error)}`;
  }
}

/** The systems against the first of them; null where there is only one. */
function comparisonOfSubjects(bench: Bench, path: string): Comparison | null {
  const measured = new Set(bench.rounds.map(({ cell }) => cell));
  const cells = bench.cells.filter(({ id }) => measured.has(id));
  if (new Set(cells.map(({ subject }) => subject)).size < 2) return null;
  const label = `${basename(dirname(path))}/${basename(path)}`;
  const own = { bench: { ...bench, cells }, path, label };
  return compared({ kind: 'benches', benches: [own] }, { gates: [], figures: [] });
}
