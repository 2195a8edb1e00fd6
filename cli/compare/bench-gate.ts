import { basename, dirname, join } from 'node:path';
import type { SavedBench } from '../../compare/compare-benches.ts';
import { comparisonCharts } from '../../compare/comparison-charts.ts';
import type { Gate } from '../../compare/gate.ts';
import type { Bench } from '../../core/bench.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { comparisonPage } from '../../reports/comparison/page.ts';
import { comparisonText } from '../../reports/comparison/text.ts';
import { writeFiles } from '../ci/output-files.ts';
import { benchJunit, benchMarkdown, benchNotices } from '../ci/bench-report.ts';
import { tellGitHub } from '../ci/github.ts';
import { refuseFolders } from '../ci/output-files.ts';
import { UsageError } from '../failure.ts';
import { compared, gatesOf } from './compare.ts';
import { openSources } from './sources.ts';

/** The flags of `dtest bench` that say what is done with a benchmark once it is measured. */
export interface BenchGateFlags {
  readonly baseline?: string | undefined;
  readonly 'fail-on'?: readonly string[] | undefined;
  readonly junit?: string | undefined;
  readonly markdown?: string | undefined;
  readonly store: string;
}

/** Waits for a benchmark, to compare it and to tell of it. */
export interface BenchGate {
  /** Compares, writes what was asked for, tells GitHub. A text of nothing where nothing was asked for. */
  judge(bench: Bench, path: string): Promise<BenchJudgement>;
}

export interface BenchJudgement {
  readonly comparison: Comparison | null;
  readonly text: string;
}

/**
 * Reads the baseline and the demands before anything is measured: a typing error must not cost an hour.
 * Without `--baseline` the systems of the benchmark are compared with the first of them.
 */
export async function benchGate(flags: BenchGateFlags, subjects: number): Promise<BenchGate> {
  const { baseline, store, junit, markdown } = flags;
  const gates = gatesOf(flags['fail-on']);
  await refuseFolders({ junit, markdown });
  const before = baseline === undefined ? null : await baselineAt(store, baseline);
  if (gates.length > 0 && before === null && subjects < 2) {
    throw new UsageError(
      'expected --baseline with --fail-on, or two systems to compare with each other, got one system alone',
    );
  }
  return {
    async judge(bench, path) {
      const own = { bench, path, label: `${basename(dirname(path))}/${basename(path)}` };
      const isAsked = before !== null || gates.length > 0;
      const comparison = isAsked ? await compareNow(before, own, gates) : null;
      const report = { bench, path, comparison };
      const summary = benchMarkdown(report);
      await writeFiles([
        [junit, () => benchJunit(report)],
        [markdown, () => summary],
      ]);
      await tellGitHub({ notices: benchNotices(report), summary });
      return { comparison, text: comparison === null ? '' : comparisonText(comparison) };
    },
  };
}

async function baselineAt(store: string, word: string): Promise<SavedBench> {
  const sources = await openSources(store, [word]);
  if (sources.kind === 'benches') return sources.benches[0];
  throw new UsageError(
    `expected --baseline to name a benchmark, got the run ${word}; dtest compare compares runs`,
  );
}

/** The page of the comparison lies beside the benchmark's own. */
async function compareNow(
  before: SavedBench | null,
  own: SavedBench,
  gates: readonly Gate[],
): Promise<Comparison> {
  const benches = before === null ? ([own] as const) : ([before, own] as const);
  const comparison = compared({ kind: 'benches', benches }, { gates, figures: [] });
  const page = (): Promise<string> => comparisonPage(comparison, comparisonCharts(benches));
  await writeFiles([[join(own.path, 'compare.html'), page]]);
  return comparison;
}
