import { benchSide } from '../../compare/bench-side.ts';
import type { Cell, Side } from '../../compare/sides.ts';
import type { Bench } from '../../core/bench.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { comparisonCases } from '../../reports/comparison/junit.ts';
import { comparisonMarkdown } from '../../reports/comparison/markdown.ts';
import { digits, duration, plural } from '../../reports/figures.ts';
import { type JunitCase, junitDocument } from '../../reports/junit-document.ts';
import { cell as plain, fenced, table } from '../../reports/markup/markdown-text.ts';
import type { Notice } from './github.ts';
import { comparisonNotices } from './notices.ts';

/** What `dtest bench` came to, for files of build servers; with a comparison where one was asked for. */
export interface BenchReport {
  readonly bench: Bench;
  readonly path: string;
  readonly comparison: Comparison | null;
}

const signs = { valid: '✅ valid', invalid: '❌ invalid', unknown: '❔ unknown' } as const;
/** Cells of a comment. */
const mostCells = 60;

export function benchMarkdown({ bench, path, comparison }: BenchReport): string {
  const side = sideOf(bench, path);
  const rest = side.cells.length - mostCells;
  const notes = side.cells.flatMap(({ name, flaws }) => flaws.map((flaw) => `${name}: ${flaw}`));
  const parts = [
    ...(comparison === null ? [] : [comparisonMarkdown(comparison).trimEnd()]),
    headingOf(bench, side),
    table(
      ['measured', 'ops/s', 'p50', 'p99', 'errors'],
      side.cells
        .slice(0, mostCells)
        .map((each) => [
          each.name,
          digits(meanOf(each, 'throughput')),
          duration(meanOf(each, 'p50')),
          duration(meanOf(each, 'p99')),
          percentOf(meanOf(each, 'errors')),
        ]),
    ),
    rest > 0 ? `…and ${plural(rest, 'more cell')}` : '',
    notes
      .slice(0, 20)
      .map((each) => `- ${plain(each, 500)}`)
      .join('\n'),
    fenced(bench.command),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** What could not be measured comes first: the rest of the figures must not look like all of them. */
function headingOf(bench: Bench, { valid }: Side): string {
  const failed = (bench.failures ?? []).length;
  const sign = failed > 0 && valid !== 'invalid' ? '❌ not all was measured' : signs[valid];
  const missing = failed === 0 ? '' : `, ${failed} of them failed`;
  return `## ${sign}: ${plain(bench.name)}, ${plural(bench.rounds.length + failed, 'round')}${missing}`;
}

/** A case for every cell, failed by any round that was not valid, and one for every gate. */
export function benchJunit({ bench, path, comparison }: BenchReport): string {
  const cells = bench.cells.map(({ id }): JunitCase => {
    const bad = bench.rounds.filter(
      ({ cell, verdict }) => cell === id && verdict.valid !== 'valid',
    );
    const worst = bad.find(({ verdict }) => verdict.valid === 'invalid') ?? bad[0];
    const failed = (bench.failures ?? []).filter(({ cell }) => cell === id);
    if (failed.length > 0 && worst?.verdict.valid !== 'invalid') {
      const message = `${plural(failed.length, 'round')} could not be measured`;
      const text = failed.map(({ round, why }) => `round ${round}: ${why}`).join('\n');
      return { name: id, trouble: { kind: 'error', type: 'not measured', message, text } };
    }
    if (worst === undefined) return { name: id, trouble: null };
    const text = bad.map(({ round, verdict }) => `round ${round}: ${verdict.reason}`).join('\n');
    const { valid, reason } = worst.verdict;
    return { name: id, trouble: { kind: 'failure', type: valid, message: reason, text } };
  });
  return junitDocument({
    ...{ suite: bench.name, className: 'dtest.bench', startedAt: bench.startedAt },
    seconds: bench.rounds.reduce((sum, each) => sum + each.warmUpMs + each.measuredMs, 0) / 1000,
    cases: [...cells, ...(comparison === null ? [] : comparisonCases(comparison))],
    output: `${bench.command}\n${path}/bench.json`,
  });
}

export function benchNotices({ bench, comparison }: BenchReport): readonly Notice[] {
  const wrong = bench.rounds.filter(({ verdict }) => verdict.valid !== 'valid');
  return [
    ...wrong.map(({ cell, round, verdict }): Notice => ({
      level: verdict.valid === 'invalid' ? 'error' : 'warning',
      title: `${cell}, round ${round}: ${verdict.valid}`,
      message: `${verdict.reason}\n${bench.command}`,
    })),
    ...(bench.failures ?? []).map(({ cell, round, why }): Notice => ({
      level: 'error',
      title: `${cell}, round ${round}: not measured`,
      message: `${why}\n${bench.command}`,
    })),
    ...(comparison === null ? [] : comparisonNotices(comparison)),
  ];
}

/** Of what was never measured, a dash. */
function percentOf(value: number): string {
  return Number.isNaN(value) ? digits(value) : `${digits(value)} %`;
}

function sideOf(bench: Bench, path: string): Side {
  return benchSide(bench, { label: bench.name, path, named: true });
}

function meanOf({ rounds }: Cell, figure: string): number {
  const told = (rounds[figure] ?? []).filter((value) => value !== null);
  return told.reduce((sum, each) => sum + each, 0) / told.length;
}
