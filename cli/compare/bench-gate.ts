import { basename, dirname, join } from 'node:path';
import { type SavedBench, haveCommonCell } from '../../compare/compare-benches.ts';
import { comparisonCharts } from '../../compare/comparison-charts.ts';
import type { Gate } from '../../compare/gate.ts';
import { fewestRounds } from '../../compare/intervals.ts';
import type { Bench } from '../../core/bench.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { comparisonPage } from '../../reports/comparison/page.ts';
import { comparisonText } from '../../reports/comparison/text.ts';
import { writeFiles } from '../ci/output-files.ts';
import { benchJunit, benchMarkdown, benchNotices } from '../ci/bench-report.ts';
import { tellGitHub } from '../ci/github.ts';
import { refuseFolders } from '../ci/output-files.ts';
import { UsageError, messageOf } from '../failure.ts';
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
  /** Whether there were demands that nothing could be compared for. */
  readonly isUndecided: boolean;
  readonly text: string;
}

/**
 * Reads the baseline and the demands before anything is measured: a typing error must not cost an hour.
 * Without `--baseline` the systems of the benchmark are compared with the first of them.
 */
export async function benchGate(flags: BenchGateFlags, planned: PlannedBench): Promise<BenchGate> {
  const { subjects } = planned;
  const { baseline, store, junit, markdown } = flags;
  const gates = gatesOf(flags['fail-on']);
  await refuseFolders({ junit, markdown });
  const before = baseline === undefined ? null : await baselineAt(store, baseline);
  if (gates.length > 0 && before === null && subjects < 2) {
    throw new UsageError(
      'expected --baseline with --fail-on, or two systems to compare with each other, got one system alone',
    );
  }
  if (gates.length > 0) refuseFewRounds(planned);
  if (before !== null) refuseForeign(before, planned);
  return {
    async judge(bench, path) {
      const own = { bench, path, label: `${basename(dirname(path))}/${basename(path)}` };
      const isAsked = before !== null || gates.length > 0;
      const found = isAsked ? await compareNow(before, own, gates).catch(messageOf) : null;
      const comparison = typeof found === 'string' ? null : found;
      const why = typeof found === 'string' ? `not compared: ${found}` : '';
      const report = { bench, path, comparison };
      const summary = benchMarkdown(report);
      await writeFiles([
        [junit, () => benchJunit(report)],
        [markdown, () => summary],
      ]);
      await tellGitHub({ notices: benchNotices(report), summary });
      return {
        comparison,
        isUndecided: comparison === null && gates.length > 0,
        text: comparison === null ? why : comparisonText(comparison),
      };
    },
  };
}

/** A demand of rounds that cannot show anything would be known to be missed only after all of them. */
function refuseFewRounds({ rounds, cells }: PlannedBench): void {
  if (cells.length === 0 || rounds >= fewestRounds) return;
  throw new UsageError(
    `expected --rounds ${fewestRounds} or more with --fail-on, because fewer show nothing, got ${rounds}; 8 show much smaller changes than 3`,
  );
}

/** The rates of a search are not known before, so its cells are not; then the comparison says what is missing. */
function refuseForeign({ bench, label }: SavedBench, { cells }: PlannedBench): void {
  if (bench.rounds.length === 0) {
    throw new UsageError(
      `expected --baseline to name a benchmark with rounds, got ${label}, of which none was measured`,
    );
  }
  if (cells.length === 0) return;
  if (haveCommonCell(bench, { ...bench, cells })) return;
  const names = (all: Bench['cells']): string =>
    all
      .slice(0, 3)
      .map(({ id }) => id)
      .join('; ');
  throw new UsageError(
    `expected something that ${label} has measured too (${names(bench.cells)}, …), got ${names(cells)}, …; ` +
      'say the same --concurrency, --nodes, --read-ratio, --value-size, --keys and --world',
  );
}

async function baselineAt(store: string, word: string): Promise<SavedBench> {
  const sources = await openSources(store, [word]);
  if (sources.kind === 'benches') return sources.benches[0];
  throw new UsageError(
    `expected --baseline to name a benchmark, got the run ${word}; dtest compare compares runs`,
  );
}

/** What is going to be measured. */
export interface PlannedBench {
  readonly subjects: number;
  readonly rounds: number;
  /** None where only a search for a rate decides them. */
  readonly cells: Bench['cells'];
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
