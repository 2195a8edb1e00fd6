import { plural } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip, shorten } from '../markup/visible.ts';
import type { CampaignSummary, CombinationSummary, Group } from './campaign-summary.ts';

interface Trouble {
  readonly kind: 'failure' | 'skipped';
  readonly message: string;
  readonly text: string;
}

/** `junit.xml` for build servers: a case for every combination, failed by its failing runs. */
export function campaignJunit(summary: CampaignSummary): string {
  const { combinations, startedAt, elapsedMs } = summary;
  const cases = combinations.map((each, index) => ({ each, trouble: troubleOf(summary, index) }));
  const tally = (kind: Trouble['kind']): number =>
    cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const seconds = (elapsedMs / 1000).toFixed(3);
  const counts = markup`tests="${cases.length}" failures="${tally('failure')}" errors="0"`;
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dtest" ${counts} time="${seconds}">
  <testsuite name="campaign" ${counts} skipped="${tally('skipped')}" time="${seconds}" timestamp="${startedAt.slice(0, 19)}">
${cases.map(({ each, trouble }) => caseElement(each, trouble))}    <system-out>${clip(summary.command, 4000)}
${clip(summary.path, 1000)}/summary.html</system-out>
  </testsuite>
</testsuites>
`;
  return document.markup;
}

/** Failing runs fail a combination, and so does that none was valid: a build must not be green on it. */
function troubleOf(summary: CampaignSummary, index: number): Trouble | null {
  const outcomes = summary.combinations[index]?.outcomes;
  if (outcomes === undefined) return null;
  const failed = outcomes.invalid + outcomes.crashed;
  if (failed > 0) {
    const text = listing(summary.failures, index);
    return { kind: 'failure', message: `${plural(failed, 'run')} failed`, text };
  }
  if (outcomes.valid > 0) return null;
  if (outcomes.unknown === 0) return { kind: 'skipped', message: 'no run was made', text: '' };
  const text = listing(summary.unknowns, index);
  return { kind: 'failure', message: 'no run proved anything', text };
}

function listing(groups: readonly Group[], index: number): string {
  const lines = groups.flatMap(({ kind, examples }) => {
    const own = examples.filter(({ combination }) => combination === index);
    return own.length === 0
      ? []
      : [kind, ...own.flatMap(({ reason, command }) => [`  ${reason}`, `  ${command}`])];
  });
  return lines.join('\n');
}

function caseElement(each: CombinationSummary, trouble: Trouble | null): Markup {
  const parts = [each.nemesis, each.settings].filter((part) => part !== '');
  const className = `dtest.${dotless(each.system)}.${dotless(each.workload)}`;
  const head = markup`    <testcase name="${shorten(parts.join(', '), 200)}" classname="${className}" time="0"`;
  if (trouble === null)
    return markup`${head}/>
`;
  const { kind, message, text } = trouble;
  const element =
    kind === 'skipped'
      ? markup`<skipped message="${message}"/>`
      : markup`<failure message="${message}" type="invalid">${clip(text, 50_000)}</failure>`;
  return markup`${head}>
      ${element}
    </testcase>
`;
}

/** Build servers split class names at dots. */
function dotless(name: string): string {
  return shorten(name, 60).replaceAll('.', '_');
}
