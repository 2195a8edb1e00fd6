import { count, digits } from '../figures.ts';
import { cell, fenced, table } from '../markup/markdown-text.ts';
import type { CampaignSummary, Group } from './campaign-summary.ts';
import { figures } from './text.ts';

const signs = { valid: '✅ valid', invalid: '❌ invalid', unknown: '❔ unknown' } as const;
const mostGroups = 20;

/** `summary.md`: a campaign in Markdown, for job summaries and review comments. */
export function campaignMarkdown(summary: CampaignSummary): string {
  const { combinations, faults, failures, unknowns } = summary;
  const parts = [
    `## ${signs[summary.valid]}: campaign over seeds ${cell(summary.seeds)}`,
    cell(summary.reason, 2000),
    figures(summary).replace('\n', '; '),
    table(
      [
        'workload',
        'system',
        'faults',
        'settings',
        'runs',
        'valid',
        'invalid',
        'crashed',
        'unknown',
        'runs/s',
      ],
      combinations.map(({ outcomes, ...each }) => [
        ...[each.workload, each.system, each.nemesis, each.settings],
        each.done === each.total ? count(each.done) : `${count(each.done)} of ${count(each.total)}`,
        ...[outcomes.valid, outcomes.invalid, outcomes.crashed, outcomes.unknown].map(count),
        digits(each.seedsPerSecond),
      ]),
    ),
    ...section('Failures', failures),
    ...section('Proved nothing', unknowns),
    table(
      ['fault', 'injected', 'had effect', 'in runs', 'effect in runs'],
      faults.map((each) => [
        each.fault,
        ...[each.injected, each.bit, each.runs, each.runsBitten].map(count),
      ]),
    ),
    fenced(summary.command),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(title: string, groups: readonly Group[]): readonly string[] {
  if (groups.length === 0) return [];
  return [`### ${title}`, ...groups.slice(0, mostGroups).map(groupText)];
}

function groupText({ kind, count: runs, examples }: Group): string {
  const [first] = examples;
  const title = `**${cell(kind, 300)}**: ${count(runs)}`;
  if (first === undefined) return title;
  const seeds = examples.map(({ seed }) => seed).join(', ');
  return [
    `${title}, the smallest with seeds ${seeds}`,
    cell(first.reason, 600),
    fenced(first.command),
  ].join('\n\n');
}
