import { plural } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { chartControls, chartFigure } from '../page/frame.ts';
import type { BenchCharts, ChartSection } from './charts.ts';

/** All charts: the first group drawn and open, the others folded; null without any. */
export function chartSection({ sections, omitted }: BenchCharts): Markup | null {
  const [first, ...others] = sections;
  if (first === undefined) return null;
  const timed = sections.some(({ charts }) =>
    charts.some(({ xAxis = 'time' }) => xAxis === 'time'),
  );
  const grid = ({ name, charts }: ChartSection, still: boolean): Markup =>
    markup`<div class="charts dense">${charts.map((chart) => chartFigure(chart, { still, within: name }))}</div>`;
  return markup`<section id="charts-section"><h2>Charts</h2>
${timed && chartControls()}${omitted > 0 && markup`<p class="faint">${plural(omitted, 'chart')} more not drawn: this varies a lot.</p>`}
<h3 class="group value">${first.name}</h3>${grid(first, true)}
${others.map((each) => markup`<details><summary class="group value">${each.name}</summary>${grid(each, false)}</details>`)}</section>`;
}
