import { darkTheme, lightTheme } from '../charts/theme.ts';
import type { ChartDefinition } from '../charts/definition.ts';
import { type PictureSize, renderPng } from '../charts/png.ts';
import { type Markup, inlineJson, markup, trusted } from '../markup/markup.ts';
import { shorten } from '../markup/visible.ts';
import { base64, hashOf } from './policy.ts';
import { pageScript } from './script.ts';
import type { PageData } from './scripts/start.ts';
import { style } from './style.ts';

/** A page: one file that opens offline, in words, pictures and charts that answer. */
export interface Page {
  readonly title: string;
  /** Places in the page, as fragment and name. */
  readonly sections: readonly (readonly [id: string, name: string])[];
  readonly body: Markup;
  /** Style beside that of all pages. */
  readonly look?: string;
  readonly data: Pick<PageData, 'charts' | 'operations' | 'messages'>;
}

/** Only the page's own script and style run, by their hashes; nothing else does, and nothing is fetched. */
export async function pageOf({ title, sections, body, look = '', data }: Page): Promise<string> {
  const script = pageScript();
  const whole = look === '' ? style : `${style}\n${look}`;
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src '${await hashOf(whole)}'`,
    `script-src '${await hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const links = sections.map(([id, name]) => markup`<a href="#${id}">${name}</a>`);
  const themes = { light: pageTheme(lightTheme), dark: pageTheme(darkTheme) };
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${shorten(title, 120)}</title>
<style>${trusted(whole)}</style>
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
<nav class="bar" aria-label="Sections"><div><strong>dtest</strong>${links}</div></nav>
<main>
${body}
</main>
<script type="application/json" id="page-data">${inlineJson({ ...data, ...themes })}</script>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.markup;
}

function pageTheme(theme: typeof lightTheme): typeof lightTheme {
  return { ...theme, titled: false, font: "system-ui, 'DejaVu Sans', sans-serif" };
}

const stillSize: PictureSize = { width: 960, height: 470, scale: 1 };

/** A still picture, which the script replaces by a living one where scripts may run. */
export function chartFigure(
  chart: ChartDefinition,
  { still, within = '' }: { readonly still: boolean; readonly within?: string } = { still: true },
): Markup {
  const { subtitle } = chart;
  // What the heading above says already.
  const own = subtitle.startsWith(`${within}; `) ? subtitle.slice(within.length + 2) : subtitle;
  const source = still ? `data:image/png;base64,${base64(renderPng(chart, stillSize))}` : '';
  const picture = still ? markup`<img alt="" src="${trusted(source)}">` : null;
  return markup`<figure><figcaption><h3>${chart.title}</h3><span class="small faint value">${own}</span> <span class="small window-words"></span></figcaption>
<div class="plot" data-chart="${chart.name}" tabindex="0" role="img" aria-label="${chart.description}">${picture}<canvas></canvas></div></figure>`;
}

/** Buttons for what the pointer, the wheel and the keys do to the charts over time. */
export function chartControls(): Markup {
  const button = (move: string, sign: string, name: string): Markup =>
    markup`<button type="button" data-zoom="${move}" aria-label="${name}" title="${name}" hidden>${sign}</button>`;
  return markup`<div class="hint small"><span class="buttons" role="group" aria-label="What the charts show">${button('earlier', '◀', 'Earlier')}${button('out', '−', 'Show more time')}${button('in', '+', 'Show less time')}${button('later', '▶', 'Later')}${button('whole', 'Whole run', 'Show the whole run')}</span><span class="faint">Shown: <span class="chart-range">all of it</span>. Drag over a chart to choose a stretch of time for all of them; double click for everything. With a chart in focus the wheel and + − zoom, arrows move, 0 goes back.</span></div>`;
}
