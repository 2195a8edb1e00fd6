import type { Reporter } from '../core/reporter.ts';
import type { Run } from '../core/run.ts';
import { chartsOf } from './charts/all.ts';
import { chartFunctions } from './charts/chart-config.ts';
import type { ChartDefinition } from './charts/definition.ts';
import { type PictureSize, renderPng } from './charts/png.ts';
import { darkTheme, lightTheme } from './charts/theme.ts';
import { type Markup, inlineJson, markup, trusted } from './markup/markup.ts';
import { shorten } from './markup/visible.ts';
import { chartJsForBrowsers } from './package-files.ts';
import { evidenceSection } from './page/evidence-section.ts';
import { base64, hashOf } from './page/policy.ts';
import { pageFunctions } from './page/script.ts';
import {
  checkerSection,
  faultSection,
  figureSection,
  planSection,
  thresholdSection,
  verdictSection,
} from './page/sections.ts';
import { style } from './page/style.ts';

/** `report.html`: one file that opens offline, in words, pictures and charts that answer. */
export const html: Reporter = {
  name: 'html',
  summary:
    'report.html: verdict, evidence, faults and zoomable charts in one file that opens offline',
  async render(run) {
    return [{ path: 'report.html', content: await reportPage(run) }];
  },
};

/** Only this script and this style run, by their hashes; nothing else does, and nothing is fetched. */
async function reportPage(run: Run): Promise<string> {
  const script = pageScript();
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src '${await hashOf(style)}'`,
    `script-src '${await hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const title = `${run.results.valid}: ${shorten(run.name, 80)}`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
${body(run)}
<script type="application/json" id="charts">${inlineJson({ charts: chartsOf(run), light: pageTheme(lightTheme), dark: pageTheme(darkTheme) })}</script>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.markup;
}

function body(run: Run): Markup {
  const evidence = evidenceSection(run);
  const thresholds = thresholdSection(run);
  const link = (id: string, name: string): Markup => markup`<a href="#${id}">${name}</a>`;
  return markup`<nav class="bar" aria-label="Sections"><div><strong>dtest</strong>${link('verdict', 'Verdict')}${evidence && link('evidence', 'Evidence')}${thresholds && link('thresholds', 'Thresholds')}${link('faults', 'Faults')}${link('charts-section', 'Charts')}${link('figures', 'Figures')}${link('checkers', 'Checkers')}${link('plan', 'Plan')}</div></nav>
<main>
${verdictSection(run)}
${evidence}
${thresholds}
${faultSection(run)}
${chartSection(run)}
${figureSection(run)}
${checkerSection(run)}
${planSection(run)}
<footer>Made by dtest from <code>${shorten(run.path, 200)}</code>. This file needs no network.</footer>
</main>`;
}

function chartSection(run: Run): Markup {
  return markup`<section id="charts-section"><h2>Charts</h2>
<div class="hint small faint"><span>Drag over a chart to look at a stretch of time in all of them; double click for the whole run. With the keyboard: + and − zoom, arrows move, 0 goes back.</span><button type="button" id="whole-run" hidden>Whole run</button></div>
<div class="charts">${chartsOf(run).map(figure)}</div></section>`;
}

const stillSize: PictureSize = { width: 960, height: 470, scale: 1 };

/** A still picture, which the script replaces by a living one where scripts may run. */
function figure(chart: ChartDefinition): Markup {
  const still = `data:image/png;base64,${base64(renderPng(chart, stillSize))}`;
  return markup`<figure><figcaption><h3>${chart.title}</h3><span class="small faint value">${chart.subtitle}</span></figcaption>
<div class="plot" data-chart="${chart.name}" tabindex="0" role="img" aria-label="${chart.description}"><img alt="" src="${trusted(still)}"><canvas></canvas></div></figure>`;
}

function pageTheme(theme: typeof lightTheme): typeof lightTheme {
  return { ...theme, titled: false, font: "system-ui, 'DejaVu Sans', sans-serif" };
}

function pageScript(): string {
  const start = `const { charts, light, dark } = JSON.parse(document.getElementById('charts').textContent);
startPage(window, { Chart: window.Chart, chartConfig, charts, light, dark });`;
  return `${chartJsForBrowsers()}
(() => {
'use strict';
${[...chartFunctions, ...pageFunctions].join('\n')}
${start}
})();`;
}
