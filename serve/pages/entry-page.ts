import { digits } from '../../reports/figures.ts';
import { type Markup, markup } from '../../reports/markup/markup.ts';
import { clip, shorten } from '../../reports/markup/visible.ts';
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

/** One run, benchmark or campaign: what it came to, its files, and what can be done with it. */
export function entryPage({ entry, files, token }: EntryPage): string {
  const id = idText(entry);
  const report = files.find(({ path }) => path === 'report.html' || path === 'summary.html');
  const pictures = files.filter(({ path }) => /^charts\/[\w.-]+\.png$/u.test(path));
  return frame(
    { title: `${entry.valid ?? entry.state}: ${shorten(id, 120)}`, at: 'other' },
    markup`<section class="verdict ${entry.valid ?? 'unknown'}">
<p class="about small"><span class="value">${id}</span>, started ${when(entry.startedAt)}</p>
<h1 class="value">${what(entry)}</h1>
<p>${verdictMark(entry)}</p>
<p class="reason value">${clip(entry.reason, 600)}</p>
<div class="command"><pre><code>${clip(entry.command, 600)}</code></pre></div>
</section>
${entry.state === 'finished' || entry.kind !== 'run' ? null : liveSection(entry)}
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

/** Filled by the script as the run goes on. */
function liveSection(entry: Entry): Markup {
  const tile = (name: string, show: string): Markup =>
    markup`<div><dt>${name}</dt><dd data-show="${show}">–</dd></div>`;
  return markup`<section data-live="/run/${idText(entry)}/live"><h2>As it goes</h2>
<p role="status"><strong data-show="verdict" class="value">…</strong></p>
<dl class="tiles">${tile('state', 'state')}${tile('time', 'elapsed')}${tile('last second', 'perSecond')}${tile('ok', 'ok')}${tile('fail: no effect', 'fail')}${tile('info: unknown', 'info')}${tile('faults in force', 'faults')}</dl>
<p class="faint" data-show="hint"></p></section>`;
}

function figureSection({ kind, figures }: Entry): Markup | null {
  const told = Object.entries(figures).slice(0, 2000);
  if (told.length === 0) return null;
  const content =
    kind === 'bench'
      ? cellTable(told)
      : markup`<dl class="facts">${told.map(([name, value]) => markup`<dt class="value">${shorten(name, 120)}</dt><dd>${digits(value)}</dd>`)}</dl>`;
  return markup`<section><h2>Figures</h2>${content}</section>`;
}

/** What of a cell is worth a column. */
const columns = ['throughput', 'p50', 'p90', 'p99', 'p99.9', 'errors', 'messages', 'fsyncs'];

/** A benchmark's figures, means over its rounds: a row for each cell. */
function cellTable(told: readonly (readonly [string, number])[]): Markup {
  const cells = new Map<string, Map<string, number>>();
  for (const [name, value] of told) {
    const end = name.lastIndexOf(' ');
    const cell = name.slice(0, end);
    const own = cells.get(cell) ?? new Map<string, number>();
    cells.set(cell, own.set(name.slice(end + 1), value));
  }
  const all = [...cells.values()];
  const shown = columns.filter((column) => all.some((own) => own.has(column)));
  const row = ([cell, own]: readonly [string, ReadonlyMap<string, number>]): Markup =>
    markup`<tr><th scope="row" class="value">${shorten(cell, 120)}</th>${shown.map((column) => markup`<td class="number">${digits(own.get(column) ?? Number.NaN)}</td>`)}</tr>`;
  return markup`<p class="faint">Means over the rounds; latencies in milliseconds, errors in percent, costs for each operation.</p>
<div class="scroll"><table><thead><tr><th scope="col">measured</th>${shown.map((column) => markup`<th scope="col" class="number">${column}</th>`)}</tr></thead><tbody>
${[...cells].slice(0, 500).map(row)}</tbody></table></div>`;
}
