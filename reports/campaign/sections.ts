import { count, digits, duration, plural } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip } from '../markup/visible.ts';
import {
  type Bucket,
  type CampaignSummary,
  type CombinationSummary,
  type Example,
  type Group,
  type OutcomeCounts,
  outcomes,
} from './campaign-summary.ts';

const words = { valid: 'Valid', invalid: 'Invalid', unknown: 'Unknown' } as const;
const signs = { valid: '✓', invalid: '✗', unknown: '?' } as const;

/** Characters of a text that the page shows. */
const textLimit = 1000;

/** The answer first: verdict, reason, figures, and how to get it again. */
export function verdictSection(summary: CampaignSummary): Markup {
  const { valid, reason, outcomes: counts, done, total } = summary;
  const tile = (name: string, value: string, tone = ''): Markup =>
    markup`<div class="${tone}"><dt>${name}</dt><dd>${value}</dd></div>`;
  const runs = done === total ? count(done) : `${count(done)} of ${count(total)}`;
  return markup`<section id="verdict" class="verdict ${valid}">
<p class="about small">campaign over seeds <span class="value">${clip(summary.seeds, 200)}</span>, ${plural(summary.combinations.length, 'combination')}, started ${summary.startedAt}</p>
<h1><span class="word">${signs[valid]} ${words[valid]}</span></h1>
<p class="reason value">${clip(reason, 2000)}</p>
<div class="command"><pre><code>${clip(summary.command, 4000)}</code></pre></div>
<dl class="tiles">${tile('runs', runs)}${tile('valid', count(counts.valid))}${tile('invalid', count(counts.invalid), counts.invalid > 0 ? 'bad' : '')}${tile('crashed', count(counts.crashed), counts.crashed > 0 ? 'bad' : '')}${tile('unknown', count(counts.unknown), counts.unknown > 0 ? 'unsure' : '')}${tile('runs a second', digits(summary.seedsPerSecond))}${tile('real time', duration(summary.elapsedMs))}${tile('virtual hours', digits(summary.virtualMs / 3.6e6))}${tile('operations', count(sum(Object.values(summary.operations))))}${tile('events', count(summary.events))}</dl>
</section>`;
}

export interface GroupSection {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly groups: readonly Group[];
}

const mostGroups = 100;

/** Kinds of failures with the commands that repeat them; null where there are none. */
export function groupSection(
  { combinations }: CampaignSummary,
  { id, title, about, groups }: GroupSection,
): Markup | null {
  if (groups.length === 0) return null;
  const left = groups.length - mostGroups;
  return markup`<section id="${id}"><h2>${title}</h2><p class="faint">${about}</p>
${groups.slice(0, mostGroups).map((group) => groupCard(group, combinations))}${left > 0 && markup`<p class="faint">and ${plural(left, 'more kind')}, in summary.json</p>`}</section>`;
}

function groupCard(
  { outcome, kind, count: runs, examples }: Group,
  combinations: readonly CombinationSummary[],
): Markup {
  const [first, ...others] = examples;
  const crashed = outcome === 'crashed' ? 'crashed: ' : '';
  return markup`<article class="group ${outcome}"><h3><span class="value">${crashed}${clip(kind, textLimit)}</span> <span class="times">${plural(runs, 'run')}</span></h3>
${first !== undefined && exampleOf(first, combinations)}
${others.length > 0 && markup`<details><summary>${`${count(others.length)} more of them`}${runs > examples.length ? `; the others are in results.jsonl` : ''}</summary>${others.map((each) => exampleOf(each, combinations))}</details>`}</article>`;
}

function exampleOf(example: Example, combinations: readonly CombinationSummary[]): Markup {
  const { seed, operations, reason, command, path, stack } = example;
  const combination = combinations[example.combination];
  return markup`<div class="example"><p class="small faint">seed ${seed}, ${combination !== undefined && nameOf(combination)}, ${plural(operations, 'operation')}</p>
<p class="value">${clip(reason, textLimit)}</p>
<pre><code>${clip(command, 4000)}</code></pre>${path !== null && markup`<p class="small">saved: <code>${clip(path, 500)}</code></p>`}${stack !== null && markup`<details><summary class="small">where it threw</summary><pre><code>${clip(stack, 4000)}</code></pre></details>`}</div>`;
}

function nameOf({ workload, system, nemesis, settings }: CombinationSummary): string {
  return [`${workload} on ${system}`, nemesis, settings].filter((part) => part !== '').join(', ');
}

export function problemSection({ problems }: CampaignSummary): Markup {
  return markup`<section id="problems"><h2>Notes</h2><ul>${problems.slice(0, 100).map((each) => markup`<li class="value">${clip(each, textLimit)}</li>`)}</ul></section>`;
}

/** Every combination with what came of its seeds. */
export function combinationSection({ combinations }: CampaignSummary): Markup {
  const hasSettings = combinations.some(({ settings }) => settings !== '');
  const titles = ['runs', ...outcomes, 'runs/s'];
  return markup`<section id="combinations"><h2>Combinations</h2>
<p class="faint">Runs a second are those of one thread.</p>
<div class="scroll"><table><thead><tr><th scope="col">workload</th><th scope="col">system</th><th scope="col">faults</th>${hasSettings && markup`<th scope="col">settings</th>`}${titles.map((each) => markup`<th scope="col" class="number">${each}</th>`)}<th scope="col">share</th></tr></thead><tbody>
${combinations.map(
  (each) =>
    markup`<tr><th scope="row" class="value">${clip(each.workload, 80)}</th><td>${clip(each.system, 80)}</td><td>${clip(each.nemesis, 200)}</td>${hasSettings && markup`<td>${clip(each.settings, 200)}</td>`}<td class="number">${each.done === each.total ? count(each.done) : `${count(each.done)} of ${count(each.total)}`}</td>${outcomes.map((outcome) => markup`<td class="number">${outcomeCell(each.outcomes, outcome)}</td>`)}<td class="number">${digits(each.seedsPerSecond)}</td><td>${shares(each.outcomes)}</td></tr>`,
)}</tbody></table></div></section>`;
}

function outcomeCell(counts: OutcomeCounts, outcome: keyof OutcomeCounts): Markup {
  const number = counts[outcome];
  if (number === 0 || outcome === 'valid') return markup`${count(number)}`;
  return markup`<span class="mark ${outcome === 'unknown' ? 'unsure' : 'bad'}">${count(number)}</span>`;
}

/** A bar cut into outcomes; the numbers beside it say the same. */
function shares(counts: OutcomeCounts): Markup {
  const total = Math.max(1, sum(Object.values(counts)));
  let x = 0;
  const pieces = outcomes.map((outcome) => {
    const width = (100 * counts[outcome]) / total;
    const piece = markup`<rect class="${outcome}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"/>`;
    x += width;
    return piece;
  });
  return markup`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${pieces}</svg>`;
}

/** Whether the faults bit: seeds whose faults change nothing test nothing. */
export function faultSection({ faults }: CampaignSummary): Markup {
  const intro = markup`<h2>Faults and what they did</h2>`;
  if (faults.length === 0) {
    return markup`<section id="faults">${intro}<p class="faint">No faults were injected.</p></section>`;
  }
  const share = (part: number, whole: number): string =>
    whole === 0 ? '–' : `${digits((100 * part) / whole)} %`;
  return markup`<section id="faults">${intro}<p class="faint">A fault had an effect when something changed that a client or an observer could see.</p>
<div class="scroll narrow"><table><thead><tr><th scope="col">fault</th>${['injected', 'had an effect', 'share', 'in runs', 'effect in runs'].map((each) => markup`<th scope="col" class="number">${each}</th>`)}</tr></thead><tbody>
${faults.map(
  (each) =>
    markup`<tr><th scope="row" class="value">${clip(each.fault, 80)}</th><td class="number">${count(each.injected)}</td><td class="number">${count(each.bit)}</td><td class="number">${share(each.bit, each.injected)}</td><td class="number">${count(each.runs)}</td><td class="number">${count(each.runsBitten)}</td></tr>`,
)}</tbody></table></div></section>`;
}

export function distributionSection(summary: CampaignSummary): Markup {
  const { ok, fail, info } = summary.operations;
  return markup`<section id="distributions"><h2>What was in the runs</h2>
<p class="faint">Of all operations ${count(ok)} ended ok, ${count(fail)} failed without effect, and ${count(info)} stayed unknown.</p>
<div class="histograms">${histogram('Operations in a run', summary.operationsPerRun)}${histogram('Faults with an effect in a run', summary.bitesPerRun)}</div></section>`;
}

function histogram(title: string, buckets: readonly Bucket[]): Markup {
  const most = Math.max(1, ...buckets.map(({ runs }) => runs));
  return markup`<div><h3>${title}</h3><table class="histogram"><tbody>
${buckets.map(
  ({ from, to, runs }) =>
    markup`<tr><th scope="row" class="number">${from === to ? count(from) : `${count(from)} – ${count(to)}`}</th><td class="drawn"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="0" width="${((100 * runs) / most).toFixed(2)}" height="10"/></svg></td><td class="number">${plural(runs, 'run')}</td></tr>`,
)}</tbody></table></div>`;
}

export function surroundingsSection(summary: CampaignSummary): Markup {
  const facts = [
    ['dtest', summary.dtest],
    ['node', summary.node],
    ['workers', count(summary.workers)],
    ['seeds', clip(summary.seeds, 1000)],
    ['ended early', summary.endedEarly ?? 'no'],
  ] as const;
  return markup`<section id="surroundings"><h2>Surroundings</h2><dl class="facts">${facts.map(([name, value]) => markup`<dt>${name}</dt><dd class="value">${value}</dd>`)}</dl></section>`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
