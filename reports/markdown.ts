import type { Reporter } from '../core/reporter.ts';
import type { Run } from '../core/run.ts';
import { count, duration, listing, measuredFigure, plural, rate } from './figures.ts';
import { cell, fenced, table } from './markup/markdown-text.ts';
import { plantedBugNote } from './planted-bug.ts';

/** `summary.md`: the run in Markdown, for job summaries and review comments. */
export const markdown: Reporter = {
  name: 'markdown',
  summary: 'summary.md: the run in short, for job summaries and review comments',
  render: (run) => [{ path: 'summary.md', content: markdownText(run) }],
};

const signs = { valid: '✅ valid', invalid: '❌ invalid', unknown: '❔ unknown' } as const;

function markdownText(run: Run): string {
  const { plan, results } = run;
  const { stats } = results;
  const { ok, fail, info } = stats.counts;
  const kinds = Object.entries(stats.byOp).slice(0, 50);
  return [
    `## ${signs[results.valid]}: ${cell(plan.workload)} on ${cell(plan.system)}`,
    cell(results.reason, 2000),
    bugNote(run),
    `${plan.world}, ${plural(plan.nodes, 'node')}, ${plural(ok + fail + info, 'operation')} in ${duration(stats.durationMs)}: ${count(ok)} ok, ${count(fail)} fail, ${count(info)} info; ${rate(stats.throughput)}.`,
    table(
      ['operation', 'ok', 'fail', 'info', 'p50', 'p90', 'p99', 'max'],
      [...kinds, ['all', { ...stats.counts, latencyMs: stats.latencyMs }] as const].map(
        ([name, each]) => [
          name,
          ...[each.ok, each.fail, each.info].map(count),
          ...[each.latencyMs.p50, each.latencyMs.p90, each.latencyMs.p99, each.latencyMs.max].map(
            duration,
          ),
        ],
      ),
    ),
    table(
      ['fault', 'injected', 'failed', 'had effect', 'what changed'],
      results.faults.map((each) => [
        each.fault,
        count(each.injected),
        count(each.failed),
        count(each.bit),
        listing(each.effects, 200) || 'nothing that could be seen',
      ]),
    ),
    table(
      ['threshold', 'measured', 'outcome'],
      results.thresholds.map((each) => [
        each.text,
        measuredFigure(each),
        each.met ? 'met' : '**missed**',
      ]),
      new Set([2]),
    ),
    fenced(run.command),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function bugNote(run: Run): string {
  const note = plantedBugNote(run);
  return note === null ? '' : `**A bug is planted:** ${cell(note)}`;
}
