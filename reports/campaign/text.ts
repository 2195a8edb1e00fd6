import { count, digits, duration, plural } from '../figures.ts';
import { clip, shorten, visible } from '../markup/visible.ts';
import { type Column, textTable } from '../text-table.ts';
import type { CampaignSummary, Example, Group } from './campaign-summary.ts';

const signs = { valid: '✓', invalid: '✗', unknown: '?' } as const;
const codes = { valid: 32, invalid: 31, unknown: 33 } as const;

/** Kinds of failures and examples of each that a terminal shows; the page has more. */
const mostGroups = 10;
const mostExamples = 3;

/** What a campaign came to, for a terminal: the verdict first, where the rest is last. */
export function campaignText(
  summary: CampaignSummary,
  { color = false }: { readonly color?: boolean } = {},
): string {
  const { valid, failures, unknowns } = summary;
  const verdict = `${signs[valid]} ${valid.toUpperCase()}`;
  const head = color ? `\u{1b}[1;${String(codes[valid])}m${verdict}\u{1b}[0m` : verdict;
  const sections = [
    `${head}  ${oneLine(summary.reason, 1000)}`,
    figures(summary),
    combinationTable(summary),
    groupList('failures', failures),
    groupList('proved nothing', unknowns),
    faultTable(summary),
    summary.problems
      .slice(0, 20)
      .map((problem) => `note    ${oneLine(problem, 500)}`)
      .join('\n'),
    [
      `report  ${oneLine(summary.path, 500)}/summary.html`,
      ...(summary.endedEarly === null
        ? []
        : [`go on   dtest campaign --resume ${oneLine(summary.path, 500)}`]),
      `again   ${oneLine(summary.command, 2000)}`,
    ].join('\n'),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** Runs, their speed, and what was in them. */
export function figures({
  done,
  total,
  elapsedMs,
  seedsPerSecond,
  workers,
  virtualMs,
  events,
  operations,
}: CampaignSummary): string {
  const runs = done === total ? plural(done, 'run') : `${count(done)} of ${plural(total, 'run')}`;
  const all = operations.ok + operations.fail + operations.info;
  return [
    `${runs} in ${duration(elapsedMs)} with ${plural(workers, 'worker')}: ${digits(seedsPerSecond)} a second`,
    `${digits(virtualMs / 3.6e6)} hours of virtual time, ${plural(all, 'operation')}, ${plural(events, 'event')}`,
  ].join('\n');
}

function combinationTable({ combinations }: CampaignSummary): string {
  const columns: Column[] = [
    { title: 'workload' },
    { title: 'system' },
    { title: 'faults' },
    ...(combinations.some(({ settings }) => settings !== '') ? [{ title: 'settings' }] : []),
    ...['runs', 'valid', 'invalid', 'crashed', 'unknown', 'runs/s'].map((title) => ({
      title,
      right: true,
    })),
  ];
  const hasSettings = columns.length === 10;
  const rows = combinations.map((each) => [
    shorten(each.workload, 30),
    shorten(each.system, 30),
    shorten(each.nemesis, 60),
    ...(hasSettings ? [shorten(each.settings, 60)] : []),
    each.done === each.total ? count(each.done) : `${count(each.done)}/${count(each.total)}`,
    ...(['valid', 'invalid', 'crashed', 'unknown'] as const).map((outcome) =>
      count(each.outcomes[outcome]),
    ),
    digits(each.seedsPerSecond),
  ]);
  return textTable(columns, rows);
}

function groupList(title: string, groups: readonly Group[]): string {
  if (groups.length === 0) return '';
  const left = groups.length - mostGroups;
  const more = left > 0 ? [`and ${plural(left, 'more kind')}, in the report`] : [];
  return [title, ...groups.slice(0, mostGroups).map(groupText), ...more].join('\n');
}

function groupText({ kind, count: runs, outcome, examples }: Group, at: number): string {
  const lines = shownOf(examples).flatMap((example) => [
    `     seed ${example.seed}, ${plural(example.operations, 'operation')}: ${oneLine(example.reason, 300)}`,
    `       again  ${oneLine(example.command, 2000)}`,
    ...(example.path === null ? [] : [`       saved  ${oneLine(example.path, 500)}`]),
  ]);
  const crashed = outcome === 'crashed' ? 'crashed, ' : '';
  return [
    `${String(at + 1).padStart(3)}. ${crashed}${oneLine(kind, 300)}: ${plural(runs, 'run')}`,
    ...lines,
  ].join('\n');
}

/** The smallest, and at least one that was saved where there is one. */
function shownOf(examples: readonly Example[]): readonly Example[] {
  const smallest = examples.slice(0, mostExamples);
  const saved = examples.find(({ path }) => path !== null);
  if (saved === undefined || smallest.some(({ path }) => path !== null)) return smallest;
  return [...smallest.slice(0, -1), saved];
}

function faultTable({ faults }: CampaignSummary): string {
  if (faults.length === 0) return '';
  const columns: Column[] = [
    { title: 'fault' },
    ...['injected', 'had effect', 'in runs', 'effect in runs'].map((title) => ({
      title,
      right: true,
    })),
  ];
  const rows = faults.map((each) => [
    shorten(each.fault, 30),
    ...[each.injected, each.bit, each.runs, each.runsBitten].map(count),
  ]);
  return textTable(columns, rows);
}

function oneLine(text: string, limit: number): string {
  return visible(clip(text, limit)).replace(/\s+/gu, ' ').trim();
}
