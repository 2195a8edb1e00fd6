import { type Markup, markup, trusted } from '../markup/markup.ts';
import { shorten } from '../markup/visible.ts';
import { hashOf } from '../page/policy.ts';
import { style } from '../page/style.ts';
import type { CampaignSummary } from './campaign-summary.ts';
import {
  combinationSection,
  distributionSection,
  faultSection,
  groupSection,
  problemSection,
  surroundingsSection,
  verdictSection,
} from './sections.ts';
import { campaignStyle } from './style.ts';

/** `summary.html`: one file that opens offline, without a script and without anything to fetch. */
export async function campaignPage(summary: CampaignSummary): Promise<string> {
  const whole = `${style}\n${campaignStyle}`;
  const policy = `default-src 'none'; style-src '${await hashOf(whole)}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${summary.valid}: campaign over seeds ${shorten(summary.seeds, 60)}</title>
<style>${trusted(whole)}</style>
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
${body(summary)}
</body>
</html>
`;
  return page.markup;
}

function body(summary: CampaignSummary): Markup {
  const { failures, unknowns, problems } = summary;
  const link = (id: string, name: string): Markup => markup`<a href="#${id}">${name}</a>`;
  return markup`<nav class="bar" aria-label="Sections"><div><strong>dtest</strong>${link('verdict', 'Verdict')}${failures.length > 0 && link('failures', 'Failures')}${unknowns.length > 0 && link('unknowns', 'Proved nothing')}${link('combinations', 'Combinations')}${link('faults', 'Faults')}${link('distributions', 'Distributions')}${link('surroundings', 'Surroundings')}</div></nav>
<main>
${verdictSection(summary)}
${groupSection(summary, {
  id: 'failures',
  title: 'Failures, by kind',
  about:
    'Runs that fail in the same way are one kind, whatever the values, nodes and times; the smallest comes first.',
  groups: failures,
})}
${groupSection(summary, {
  id: 'unknowns',
  title: 'Runs that proved nothing',
  about:
    'Neither right nor wrong: their faults changed nothing, or something kept them from a verdict.',
  groups: unknowns,
})}
${problems.length > 0 && problemSection(summary)}
${combinationSection(summary)}
${faultSection(summary)}
${distributionSection(summary)}
${surroundingsSection(summary)}
<footer>Made by dtest from <code>${shorten(summary.path, 200)}</code>. This file needs no network.</footer>
</main>`;
}
