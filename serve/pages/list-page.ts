import { digits, duration } from '../../reports/figures.ts';
import { type Markup, markup } from '../../reports/markup/markup.ts';
import { shorten } from '../../reports/markup/visible.ts';
import type { Entry } from '../entry.ts';
import { type Filter, type Page, choices } from '../filter.ts';
import { idText } from '../paths.ts';
import { frame, verdictMark, when } from './layout.ts';

export interface ListPage {
  readonly store: string;
  readonly all: readonly Entry[];
  readonly filter: Filter;
  readonly page: Page;
}

/** Everything in the store, filtered, fifty at a time. */
export function listPage({ store, all, filter, page }: ListPage): string {
  return frame(
    { title: `dtest: ${shorten(store, 80)}`, at: 'list' },
    markup`<section><h1>Runs</h1>
<p class="faint">${page.found === all.length ? `${all.length}` : `${page.found} of ${all.length}`} in <code>${shorten(store, 200)}</code>, the newest first.</p>
${filterForm(all, filter)}
${page.shown.length === 0 ? empty(all.length) : table(page.shown)}
${pager(filter, page)}</section>`,
  );
}

function empty(count: number): Markup {
  return count === 0
    ? markup`<p>Nothing here yet. <code>dtest run register</code> makes a first run.</p>`
    : markup`<p>Nothing fits these filters. <a href="/">Show everything</a></p>`;
}

/** A form that the browser sends by itself, so that every view has an address. */
export function filterForm(all: readonly Entry[], filter: Filter, more?: Markup): Markup {
  return markup`<form class="filters" method="get">
${select('kind', 'kind', ['run', 'bench', 'campaign'], filter.kind)}
${select('system', 'system', choices(all, 'system'), filter.system)}
${select('workload', 'workload', choices(all, 'workload'), filter.workload)}
${select('verdict', 'verdict', ['valid', 'invalid', 'unknown', 'running', 'unfinished'], filter.verdict)}
<label>from<input type="date" name="from" value="${filter.from}"></label>
<label>to<input type="date" name="to" value="${filter.to}"></label>
${more}
<button type="submit">Show</button>
<a class="button" href="?">All</a>
</form>`;
}

export function select(
  name: string,
  label: string,
  values: readonly string[],
  chosen: string,
): Markup {
  const option = (value: string): Markup =>
    value === chosen
      ? markup`<option value="${value}" selected>${shorten(value, 60)}</option>`
      : markup`<option value="${value}">${shorten(value, 60)}</option>`;
  const known = chosen === '' || values.includes(chosen) ? values : [chosen, ...values];
  return markup`<label>${label}<select name="${name}"><option value="">any</option>${known.map(option)}</select></label>`;
}

function table(entries: readonly Entry[]): Markup {
  return markup`<form method="get" action="/compare"><div class="scroll"><table class="entries"><thead><tr><th scope="col"><span class="small">compare</span></th><th scope="col">started</th><th scope="col">verdict</th><th scope="col">what</th><th scope="col" class="number">throughput</th><th scope="col" class="number">p99</th><th scope="col">reason</th></tr></thead><tbody>
${entries.map(row)}</tbody></table></div>
<div class="actions"><button type="submit">Compare the selected</button><span class="small faint">The oldest is the baseline.</span></div></form>`;
}

function row(entry: Entry): Markup {
  const { figures, kind } = entry;
  const id = idText(entry);
  const box =
    kind === 'campaign'
      ? null
      : markup`<input type="checkbox" name="run" value="${id}" aria-label="Compare ${shorten(id, 120)}">`;
  const figure = (text: string | null, optional = ''): Markup =>
    markup`<td class="number figure ${text === null ? 'optional' : optional}">${text ?? '–'}</td>`;
  const { p99 } = figures;
  return markup`<tr><td>${box}</td><td class="nowrap"><a href="/run/${id}">${when(entry.startedAt)}</a></td><td>${verdictMark(entry)}</td><td class="what value">${what(entry)}</td>${figure(throughputText(entry))}${figure(p99 === undefined ? null : duration(p99), 'optional')}<td class="reason value">${shorten(entry.reason, 160)}</td></tr>
`;
}

/** Of a benchmark, what its best cell came to. */
function throughputText({ kind, figures }: Entry): string | null {
  if (kind !== 'bench') {
    return figures.throughput === undefined ? null : `${digits(figures.throughput)}/s`;
  }
  const all = Object.entries(figures).filter(([name]) => name.endsWith(' throughput'));
  const best = all.reduce((most, [, value]) => Math.max(most, value), 0);
  return best === 0 ? null : `up to ${digits(best)}/s`;
}

/** `register on raft (local)` */
export function what({ kind, system, workload, world }: Entry): string {
  const where = world === '' ? '' : ` (${shorten(world, 30)})`;
  const subject = `${shorten(workload, 60)} on ${shorten(system, 80)}${where}`;
  return kind === 'run' ? subject : `${kind}: ${subject}`;
}

function pager(filter: Filter, { page, pages }: Page): Markup | null {
  if (pages === 1) return null;
  const to = (number: number): string => {
    const { page: _, ...rest } = filter;
    const set = Object.entries(rest).filter(([, value]) => value !== '');
    return `?${new URLSearchParams([...set, ['page', String(number)]]).toString()}`;
  };
  return markup`<nav class="pages" aria-label="Pages">${page > 1 && markup`<a rel="prev" href="${to(page - 1)}">Newer</a>`}<span class="faint">page ${page} of ${pages}</span>${page < pages && markup`<a rel="next" href="${to(page + 1)}">Older</a>`}</nav>`;
}
