import { type Markup, markup, trusted } from '../markup/markup.ts';
import { clip, shorten } from '../markup/visible.ts';
import { hashOf } from '../page/policy.ts';
import { style } from '../page/style.ts';
import type { Comparison, ComparedFigure } from './comparison.ts';
import { comparisonStyle } from './style.ts';
import { roundsText } from './text.ts';
import { estimateText, figureText, gateSigns, intervalText, verdictSigns } from './words.ts';

/** A comparison as one file that opens offline, without a script and without anything to fetch. */
export async function comparisonPage(comparison: Comparison): Promise<string> {
  const whole = `${style}\n${comparisonStyle}`;
  const policy = `default-src 'none'; style-src '${await hashOf(whole)}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${shorten(comparison.reason, 100)}</title>
<style>${trusted(whole)}</style>
</head>
<body>
<main>
${comparisonBody(comparison)}
<footer>Made by dtest. This file needs no network.</footer>
</main>
</body>
</html>
`.markup;
}

/** Gates decide where there are some; else any change for the worse does. */
function toneOf({ exitCode, gates, rows }: Comparison): 'valid' | 'invalid' | 'unknown' {
  const isWorse = gates.length === 0 && rows.some(({ verdict }) => verdict === 'worse');
  if (exitCode === 2) return 'unknown';
  return exitCode !== 0 || isWorse ? 'invalid' : 'valid';
}

/** The page's content, which stands in pages of others too. */
export function comparisonBody(comparison: Comparison): Markup {
  const { things, reason, basis, confidence, warnings } = comparison;
  const [baseline, ...candidates] = things;
  return markup`<section id="verdict" class="verdict ${toneOf(comparison)}">
<p class="about small">Compared with <span class="value">${shorten(baseline?.label ?? '', 200)}</span>: ${candidates.map(({ label }, at) => markup`${at > 0 ? ', ' : ''}<span class="value">${shorten(label, 200)}</span>`)}</p>
<h1><span class="word">${shorten(reason, 300)}</span></h1>
<p class="small">${basis} All intervals together hold with ${Math.round(100 * confidence)} % confidence.</p>
</section>
${gateSection(comparison)}
${rowSection(comparison)}
${warnings.length > 0 && markup`<section id="notes"><h2>What else differs</h2><ul>${warnings.slice(0, 100).map((each) => markup`<li class="value">${clip(each, 1000)}</li>`)}</ul></section>`}
${thingSection(comparison)}`;
}

function gateSection({ gates }: Comparison): Markup | null {
  if (gates.length === 0) return null;
  return markup`<section id="gates"><h2>Gates</h2>
<p class="faint">A gate is missed where the change is beyond its limit and the interval shows a change for the worse.</p>
<div class="scroll narrow"><table><thead><tr><th scope="col">gate</th><th scope="col">outcome</th><th scope="col">because</th></tr></thead><tbody>
${gates.map(
  ({ text, outcome, reasons }) =>
    markup`<tr><th scope="row"><code>${clip(text, 200)}</code></th><td><span class="mark ${gateTones[outcome]}">${gateSigns[outcome]}</span></td><td class="value">${reasons.slice(0, 20).join('; ')}</td></tr>`,
)}</tbody></table></div></section>`;
}

const gateTones = {
  ...{ met: 'good', missed: 'bad', 'not shown': 'unsure', 'nothing to judge': 'unsure' },
} as const;

const rowTones = {
  ...{ better: 'good', worse: 'bad', 'no difference shown': 'none', untold: 'unsure' },
} as const;

function rowSection({ rows, things }: Comparison): Markup {
  const named = things.length > 2;
  const celled = rows.some(({ cell }) => cell !== '');
  const reach = reachOf(rows);
  const head = [
    ...(named ? ['against'] : []),
    ...(celled ? ['measured'] : []),
    ...['figure', 'verdict', 'before', 'after', 'change', 'interval'],
  ];
  return markup`<section id="figures"><h2>Figures</h2>
<p class="faint">Means over the rounds. An interval that leaves out no change at all (the dashed line) shows a difference.</p>
<div class="scroll"><table><thead><tr>${head.map((each) => markup`<th scope="col">${each}</th>`)}<th scope="col">drawn, ±${reach.toFixed(0)} %</th><th scope="col" class="number">rounds</th></tr></thead><tbody>
${rows.map((row) => rowMarkup(row, { named, celled, reach }))}</tbody></table></div></section>`;
}

interface RowLook {
  readonly named: boolean;
  readonly celled: boolean;
  /** Percent at the edge of the drawing. */
  readonly reach: number;
}

function rowMarkup(row: ComparedFigure, { named, celled, reach }: RowLook): Markup {
  const { unit, change, verdict } = row;
  return markup`<tr>${named && markup`<td class="value">${shorten(row.thing, 120)}</td>`}${celled && markup`<td class="value">${shorten(row.cell, 120)}</td>`}<th scope="row">${row.figure}</th><td class="nowrap"><span class="mark ${rowTones[verdict]}">${verdictSigns[verdict]}</span></td><td class="number">${figureText(row.baseline, unit)}</td><td class="number">${figureText(row.candidate, unit)}</td><td class="number">${estimateText(change)}</td><td class="number">${intervalText(change)}</td><td>${drawing(row, reach)}</td><td class="number">${roundsText(row)}</td></tr>
`;
}

/** Wide enough for most intervals, so that a few wide ones do not flatten the others. */
function reachOf(rows: readonly ComparedFigure[]): number {
  const far = rows
    .flatMap(({ change }) => (change?.kind === 'percent' ? [change.low, change.high] : []))
    .map((each) => Math.abs(each ?? Infinity))
    .sort((one, other) => one - other);
  const usual = far[Math.floor(0.8 * (far.length - 1))] ?? 10;
  return Math.min(100, Math.max(5, Math.ceil(usual / 5) * 5));
}

const width = 160;

/** The numbers stand beside it, so a reader without eyes for it misses nothing. */
function drawing({ change, verdict }: ComparedFigure, reach: number): Markup | null {
  if (change?.kind !== 'percent') return null;
  const at = (percent: number | null, open: number): string => {
    const shown = Math.max(-reach, Math.min(reach, percent ?? open));
    return ((width * (shown + reach)) / (2 * reach)).toFixed(1);
  };
  return markup`<svg class="interval ${verdict === 'better' || verdict === 'worse' ? verdict : 'none'}" viewBox="0 0 ${width} 16" preserveAspectRatio="none" aria-hidden="true"><line class="zero" x1="${width / 2}" x2="${width / 2}" y1="0" y2="16"/><line class="reach" x1="${at(change.low, -reach)}" x2="${at(change.high, reach)}" y1="8" y2="8"/><rect class="at" x="${Number(at(change.estimate, 0)) - 2}" y="3" width="4" height="10"/></svg>`;
}

function thingSection({ things }: Comparison): Markup {
  return markup`<section id="things"><h2>What was compared</h2>
<div class="scroll"><table><thead><tr>${['name', 'answers', 'started', 'command', 'folder'].map((each) => markup`<th scope="col">${each}</th>`)}</tr></thead><tbody>
${things.map(
  ({ label, valid, startedAt, command, paths }) =>
    markup`<tr><th scope="row" class="value">${shorten(label, 200)}</th><td>${valid}</td><td class="nowrap">${startedAt.slice(0, 16).replace('T', ' ')}</td><td class="value"><code>${clip(command, 1000)}</code></td><td class="value">${paths.slice(0, 50).map((each) => markup`<div>${clip(each, 300)}</div>`)}</td></tr>`,
)}</tbody></table></div></section>`;
}
