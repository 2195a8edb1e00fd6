import { type Markup, markup } from '../../reports/markup/markup.ts';
import { shorten } from '../../reports/markup/visible.ts';
import { figureText } from '../bench-figures.ts';
import type { Entry } from '../entry.ts';
import type { Filter } from '../filter.ts';
import { idText } from '../paths.ts';
import { frame, verdictMark, when } from './layout.ts';
import { filterForm, select, what } from './list-page.ts';
import { type TrendPoint, trendChart } from './trend-chart.ts';

export interface TrendsPage {
  readonly all: readonly Entry[];
  readonly matching: readonly Entry[];
  readonly filter: Filter;
  readonly figure: string;
}

/** The newest; more would be no picture. */
const mostPoints = 400;

/** Figures of the entries, the ones that most have first. */
export function figureChoices(entries: readonly Entry[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { figures } of entries) {
    for (const name of Object.keys(figures)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 200)
    .map(([name]) => name);
}

/** One figure over time, of everything that fits the filters. */
export function trendsPage({ all, matching, filter, figure }: TrendsPage): string {
  const names = figureChoices(matching);
  const chosen = figure !== '' ? figure : names.includes('throughput') ? 'throughput' : names[0];
  const points = pointsOf(matching, chosen ?? '');
  return frame(
    { title: `dtest: ${shorten(chosen ?? 'trends', 60)} over time`, at: 'trends' },
    markup`<section><h1>Trends</h1>
<p class="faint">A figure from run to run. Runs of other plans than one are no trend: choose a system and a workload.</p>
${filterForm(all, filter, select('figure', 'figure', names, chosen ?? ''))}
${points.length === 0 ? markup`<p>No run that fits tells this figure.</p>` : markup`<h2 class="value">${shorten(chosen ?? '', 120)}</h2>${trendChart(points, chosen ?? '')}${table(points, chosen ?? '')}`}</section>`,
  );
}

function pointsOf(entries: readonly Entry[], figure: string): readonly TrendPoint[] {
  return entries
    .flatMap((entry) => {
      const value = Object.hasOwn(entry.figures, figure) ? entry.figures[figure] : undefined;
      return value === undefined ? [] : [{ entry, value }];
    })
    .slice(0, mostPoints)
    .reverse();
}

function table(points: readonly TrendPoint[], figure: string): Markup {
  const rows = [...points].reverse().slice(0, 100);
  return markup`<div class="scroll narrow"><table><thead><tr><th scope="col">started</th><th scope="col">verdict</th><th scope="col">what</th><th scope="col" class="number">${shorten(figure, 80)}</th></tr></thead><tbody>
${rows.map(({ entry, value }) => markup`<tr><td class="nowrap"><a href="/run/${idText(entry)}">${when(entry.startedAt)}</a></td><td>${verdictMark(entry)}</td><td class="value">${what(entry)}</td><td class="number">${figureText(figure, value)}</td></tr>`)}</tbody></table></div>`;
}
