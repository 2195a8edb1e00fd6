import { digits } from '../../reports/figures.ts';
import { type Markup, markup } from '../../reports/markup/markup.ts';
import { clip, shorten } from '../../reports/markup/visible.ts';
import { cellTable } from '../bench-figures.ts';
import type { Entry } from '../entry.ts';
import { idText } from '../paths.ts';
import { frame, verdictMark, when } from './layout.ts';
import { what } from './list-page.ts';

export interface EntryPage {
  readonly entry: Entry;
  /** Files to open, relative to the folder, with what they are. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly token: string;
}

/** What each kind of folder is told by. */
const reports: ReadonlySet<string> = new Set(['report.html', 'bench-report.html', 'summary.html']);

/** One run, benchmark or campaign: what it came to, its files, and what can be done with it. */
export function entryPage({ entry, files, token }: EntryPage): string {
  const id = idText(entry);
  const report = files.find(({ path }) => reports.has(path));
  const pictures = files.filter(({ path }) => /^charts\/[\w.-]+\.png$/u.test(path));
  return frame(
    { title: `${entry.valid ?? entry.state}: ${shorten(id, 120)}`, at: 'other' },
    markup`<section class="verdict ${entry.valid ?? 'open'}">
<p class="about small"><span class="value">${id}</span>, started ${when(entry.startedAt)}</p>
<h1 class="value">${what(entry)}</h1>
<p>${verdictMark(entry)}</p>
<p class="reason value">${clip(entry.reason, 600)}</p>
<div class="command"><pre><code>${clip(entry.command, 600)}</code></pre></div>
</section>
${entry.state === 'finished' || entry.kind === 'campaign' ? null : liveSection(entry)}
<div class="actions">${report && markup`<a class="button" href="/run/${id}/file/${report.path}">Open the report</a>`}<a class="button" href="/run/${id}/zip">Download as zip</a>${trendLink(entry)}</div>
${figureSection(entry)}
${pictures.length > 0 && markup`<section><h2>Charts</h2><div class="gallery">${pictures.map(({ path }) => markup`<img src="/run/${id}/file/${path}" alt="${path.slice('charts/'.length, -'.png'.length)}" loading="lazy">`)}</div></section>`}
<section><h2>Files</h2><ul class="links">${files.map(({ path, bytes }) => markup`<li><a class="value" href="/run/${id}/file/${encodedPath(path)}">${shorten(path, 120)}</a> <span class="faint small">${size(bytes)}</span></li>`)}</ul></section>
<section><details><summary>Delete…</summary><form method="post" action="/run/${id}/delete"><p>Deletes the folder and everything in it. There is no way back.</p><input type="hidden" name="token" value="${token}"><button class="danger" type="submit">Delete for good</button></form></details></section>`,
  );
}

function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function trendLink({ kind, system, workload }: Entry): Markup | null {
  if (kind === 'campaign') return null;
  const query = new URLSearchParams({ kind, system, workload }).toString();
  return markup`<a class="button" href="/trends?${query}">Trend</a>`;
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${digits(bytes / 1000)} kB` : `${digits(bytes / 1e6)} MB`;
}

/** Filled by the script as it goes on. */
function liveSection(entry: Entry): Markup {
  const tile = (name: string, show: string): Markup =>
    markup`<div><dt>${name}</dt><dd data-show="${show}">–</dd></div>`;
  const tiles =
    entry.kind === 'bench'
      ? markup`${tile('state', 'state')}${tile('rounds', 'done')}${tile('left, about', 'left')}${tile('under way', 'cell')}${tile('stage', 'stage')}${tile('ok', 'ok')}${tile('errors', 'errors')}`
      : markup`${tile('state', 'state')}${tile('time', 'elapsed')}${tile('last second', 'perSecond')}${tile('ok', 'ok')}${tile('fail: no effect', 'fail')}${tile('info: unknown', 'info')}${tile('faults in force', 'faults')}`;
  return markup`<section data-live="/run/${idText(entry)}/live"><h2>As it goes</h2>
<p role="status"><strong data-show="verdict" class="value">…</strong></p>
${entry.kind === 'bench' && markup`<progress data-progress aria-label="Rounds that have ended"></progress>`}
<dl class="tiles">${tiles}</dl>
<p class="faint" data-show="hint"></p></section>`;
}

function figureSection({ kind, state, figures }: Entry): Markup | null {
  const isLive = kind === 'bench' && state === 'running';
  const told = Object.entries(figures).slice(0, 2000);
  if (told.length === 0 && !isLive) return null;
  const content =
    kind === 'bench'
      ? benchTable(figures)
      : markup`<dl class="facts">${told.map(([name, value]) => markup`<dt class="value">${shorten(name, 120)}</dt><dd>${digits(value)}</dd>`)}</dl>`;
  return markup`<section><h2>Figures${isLive && ' so far'}</h2>${content}</section>`;
}

/** A benchmark's figures: a row for each cell, which the script rewrites while it goes on. */
function benchTable(figures: Entry['figures']): Markup {
  const { columns, rows } = cellTable(figures);
  return markup`<p class="faint">Means over the rounds; costs for each operation.</p>
<div class="scroll"><table data-figures><thead><tr><th scope="col">measured</th>${columns.map((column) => markup`<th scope="col" class="number">${column}</th>`)}</tr></thead><tbody>
${rows.map(({ cell, texts }) => markup`<tr><th scope="row" class="value">${shorten(cell, 120)}</th>${texts.map((each) => markup`<td class="number">${each}</td>`)}</tr>`)}</tbody></table></div>`;
}
