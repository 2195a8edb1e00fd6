import type { Bench } from '../../core/bench.ts';
import type { Artifact } from '../../core/reporter.ts';
import { renderPng } from '../charts/png.ts';
import type { Comparison } from '../comparison/comparison.ts';
import { benchCharts } from './charts.ts';
import { benchPage } from './page.ts';

export interface BenchRendering {
  /** The systems of the bench against the first of them; null of one system alone. */
  readonly comparison: Comparison | null;
  /** The bench's folder, as the user would name it. */
  readonly path: string;
}

/**
 * The files that show a bench: `bench-report.html` and `charts/*.png`, of the same definitions. Throws
 * where a histogram of the bench cannot be read.
 */
export async function renderBench(
  bench: Bench,
  { comparison, path }: BenchRendering,
): Promise<readonly Artifact[]> {
  const drawn = benchCharts(bench);
  return [
    { path: 'bench-report.html', content: await benchPage({ bench, drawn, comparison, path }) },
    ...drawn.sections
      .flatMap(({ charts }) => charts)
      .map((chart) => ({
        path: `charts/${chart.name}.png`,
        content: renderPng(chart),
      })),
  ];
}
