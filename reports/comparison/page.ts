import { chartSection } from '../bench/chart-section.ts';
import type { BenchCharts } from '../bench/charts.ts';
import { plural } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip, shorten } from '../markup/visible.ts';
import { pageOf } from '../page/frame.ts';
import type { Comparison, ComparedFigure } from './comparison.ts';
import { comparisonStyle } from './style.ts';
import { roundsText } from './text.ts';
import {
  changeText,
  estimateText,
  figureText,
  gateSigns,
  intervalText,
  verdictSigns,
} from './words.ts';

/** A comparison as one file that opens offline, with charts where there is something to draw. */
export function comparisonPage(
  comparison: Comparison,
  drawn: BenchCharts | null = null,
): Promise<string> {
  const charts = drawn === null ? null : chartSection(drawn);
  const sections: readonly (readonly [id: string, name: string, isThere: boolean])[] = [
    ['verdict', 'Result', true],
    ['gates', 'Gates', comparison.gates.length > 0],
    ['charts-section', 'Charts', charts !== null],
    ['figures', 'Figures', true],
    ['notes', 'Notes', comparison.warnings.length > 0],
    ['things', 'Compared', true],
  ];
  return pageOf({
    title: shorten(comparison.reason, 100),
    sections: sections.filter(([, , isThere]) => isThere).map(([id, name]) => [id, name]),
    body: markup`${comparisonBody(comparison, charts)}
<footer>Made by dtest. This file needs no network.</footer>`,
    look: comparisonStyle,
    data: {
      charts: drawn?.sections.flatMap((section) => section.charts) ?? [],
      operations: null,
      messages: [],
    },
  });
}

/** Gates decide where there are some; else what was shown does. No difference shown is not none: no colour. */
function toneOf({ exitCode, gates, rows }: Comparison): 'valid' | 'invalid' | 'unknown' | 'open' {
  if (exitCode === 2) return 'unknown';
  if (exitCode !== 0) return 'invalid';
  if (gates.length > 0) return 'valid';
  const has = (wanted: ComparedFigure['verdict']): boolean =>
    rows.some(({ verdict }) => verdict === wanted);
  if (has('worse')) return 'invalid';
  return has('better') ? 'valid' : 'open';
}

/** The page's content, which stands in pages of others too. */
export function comparisonBody(comparison: Comparison, charts: Markup | null = null): Markup {
  const { things, reason, basis, confidence, warnings } = comparison;
  const [baseline, ...candidates] = things;
  return markup`<section id="verdict" class="verdict ${toneOf(comparison)}">
<p class="about small">Compared with <span class="value">${shorten(baseline?.label ?? '', 200)}</span>: ${candidates.map(({ label }, at) => markup`${at > 0 ? ', ' : ''}<span class="value">${shorten(label, 200)}</span>`)}</p>
<h1><span class="word">${capitalised(shorten(reason, 300))}</span></h1>
${changeList(comparison)}
<p class="small">${basis} All intervals together hold with ${Math.round(100 * confidence)} % confidence.</p>
</section>
${gateSection(comparison)}
${charts}
${rowSection(comparison)}
${warnings.length > 0 && markup`<section id="notes"><h2>What else differs</h2><ul>${warnings.slice(0, 100).map((each) => markup`<li class="value">${clip(each, 1000)}</li>`)}</ul></section>`}
${thingSection(comparison)}`;
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const mostChanges = 10;

/** What was shown, in words, before any table: the worse first. */
function changeList({ rows, things }: Comparison): Markup | null {
  const of = (verdict: ComparedFigure['verdict']): readonly ComparedFigure[] =>
    rows.filter((row) => row.verdict === verdict);
  const shown = [...of('worse'), ...of('better')];
  if (shown.length === 0) return null;
  const rest = shown.length - mostChanges;
  const who = ({ thing }: ComparedFigure): string =>
    things.length > 2 ? `${shorten(thing, 80)}: ` : '';
  return markup`<ul class="changes">${shown
    .slice(0, mostChanges)
    .map(
      (row) =>
        markup`<li><span class="mark ${rowTones[row.verdict]}">${verdictSigns[row.verdict]}</span> <span class="value">${who(row)}${changeText(row)}</span></li>`,
    )}${rest > 0 && markup`<li class="faint">and ${plural(rest, 'other change')} below</li>`}</ul>`;
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
  const reach = reachOf(rows);
  const head = [
    ...['figure', 'verdict', 'before', 'after', 'change', 'interval'],
    `drawn, ±${reach.toFixed(0)} %`,
    'rounds',
  ];
  const groups = Map.groupBy(rows, ({ thing, cell }) =>
    [...(things.length > 2 ? [thing] : []), ...(cell === '' ? [] : [cell])].join(', '),
  );
  return markup`<section id="figures"><h2>Figures</h2>
<p class="faint">Means over the rounds. An interval that leaves out no change at all (the dashed line) shows a difference.</p>
<div class="scroll tall" tabindex="0"><table class="compared"><thead><tr>${head.map((each) => (numbers.has(each) ? markup`<th scope="col" class="number">${each}</th>` : markup`<th scope="col">${each}</th>`))}</tr></thead>
${[...groups].map(([name, own]) => groupMarkup(name, own, reach))}</table></div></section>`;
}

const numbers: ReadonlySet<string> = new Set(['before', 'after', 'change', 'interval', 'rounds']);

/** All figures of one combination under its name; without one where there is but one. */
function groupMarkup(name: string, rows: readonly ComparedFigure[], reach: number): Markup {
  return markup`<tbody>${name !== '' && markup`<tr class="group"><th scope="rowgroup" colspan="8" class="value">${shorten(name, 240)}</th></tr>`}
${rows.map((row) => rowMarkup(row, reach))}</tbody>
`;
}

function rowMarkup(row: ComparedFigure, reach: number): Markup {
  const { unit, change, verdict } = row;
  return markup`<tr><th scope="row">${row.figure}</th><td class="nowrap"><span class="mark ${rowTones[verdict]}">${verdictSigns[verdict]}</span></td><td class="number">${figureText(row.baseline, unit)}</td><td class="number">${figureText(row.candidate, unit)}</td><td class="number">${estimateText(change)}</td><td class="number">${intervalText(change)}</td><td>${drawing(row, reach)}</td><td class="number">${roundsText(row)}</td></tr>
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
