import { compareBenches } from '../../compare/compare-benches.ts';
import { comparisonCharts, shortNames } from '../../compare/comparison-charts.ts';
import { compareRuns } from '../../compare/compare-runs.ts';
import { figureNames, figureSpec, figures } from '../../compare/figures.ts';
import { type Gate, parseGates } from '../../compare/gate.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { comparisonJunit } from '../../reports/comparison/junit.ts';
import { comparisonMarkdown } from '../../reports/comparison/markdown.ts';
import { comparisonPage } from '../../reports/comparison/page.ts';
import { comparisonText } from '../../reports/comparison/text.ts';
import { tellGitHub } from '../ci/github.ts';
import { comparisonNotices } from '../ci/notices.ts';
import { refuseFolders, writeFiles } from '../ci/output-files.ts';
import { UsageError, messageOf } from '../failure.ts';
import type { BenchCharts } from '../../reports/bench/charts.ts';
import { runCharts } from '../../reports/comparison/run-charts.ts';
import type { CommandOutcome } from '../run-once.ts';
import { type Sources, openSources } from './sources.ts';

export interface CompareFlags {
  readonly store: string;
  readonly 'fail-on': readonly string[] | undefined;
  readonly figures: string | undefined;
  readonly markdown: string | undefined;
  readonly junit: string | undefined;
  readonly html: string | undefined;
}

/** `dtest compare`: from words to a comparison, its files and its exit code. */
export async function compareSaved(
  words: readonly string[],
  flags: CompareFlags,
): Promise<CommandOutcome> {
  const gates = gatesOf(flags['fail-on']);
  const wanted = figuresOf(flags.figures);
  const { markdown, junit, html } = flags;
  await refuseFolders({ markdown, junit, html });
  const sources = await openSources(flags.store, words);
  const comparison = compared(sources, { gates, figures: wanted });
  await writeFiles([
    [markdown, () => comparisonMarkdown(comparison)],
    [junit, () => comparisonJunit(comparison)],
    [html, () => comparisonPage(comparison, chartsOf(sources))],
  ]);
  await tellGitHub({
    notices: comparisonNotices(comparison),
    summary: comparisonMarkdown(comparison),
  });
  const color = process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '';
  return {
    text: comparisonText(comparison, { color }),
    json: comparison,
    exitCode: comparison.exitCode,
  };
}

/** What cannot be compared is the user's mistake, whoever notices. */
export function compared(
  sources: Sources,
  demands: { readonly gates: readonly Gate[]; readonly figures: readonly string[] },
): Comparison {
  try {
    return sources.kind === 'benches'
      ? compareBenches(sources.benches, demands)
      : compareRuns(sources.groups, demands);
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}

/** What was compared, drawn one over the other; of runs that were repeated the first. */
export function chartsOf(sources: Sources): BenchCharts {
  if (sources.kind === 'benches') return comparisonCharts(sources.benches);
  const names = shortNames(sources.groups.map(({ label }) => label));
  return runCharts(sources.groups.map(({ runs: [run] }, at) => ({ label: names[at] ?? '', run })));
}

/** The demands of `--fail-on`, of this command and of `dtest bench`. */
export function gatesOf(texts: readonly string[] | undefined): readonly Gate[] {
  try {
    return (texts ?? []).flatMap(parseGates);
  } catch (error) {
    throw new UsageError(`--fail-on: ${messageOf(error)}`, { cause: error });
  }
}

function figuresOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  if (text === 'all') return Object.keys(figures);
  const names = text.split(',').map((each) => each.trim());
  const wrong = names.find((name) => figureSpec(name) === undefined);
  if (wrong === undefined) return names;
  throw new UsageError(`expected --figures to be all, or some of ${figureNames()}; got "${wrong}"`);
}
