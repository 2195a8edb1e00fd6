import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import type { Comparison } from '../reports/comparison/comparison.ts';
import { shorten } from '../reports/markup/visible.ts';
import { filterOf, matching, pageOf } from './filter.ts';
import { type Token, isForUs, isOurPage } from './guard.ts';
import { commonHeaders, pagePolicy, reportPolicy } from './headers.ts';
import { liveBenchStates } from './live-bench.ts';
import { type Watch, liveStates } from './live.ts';
import { comparePage } from './pages/compare-page.ts';
import { entryPage } from './pages/entry-page.ts';
import { listPage } from './pages/list-page.ts';
import { pageScript } from './pages/script.ts';
import { serveStyle } from './pages/style.ts';
import { trendsPage } from './pages/trends-page.ts';
import { kindOf } from './entry.ts';
import { folderOf, idText, parseEntryId } from './paths.ts';
import { removeEntry } from './remove.ts';
import { idOf, noSuchEntry, say } from './reply.ts';
import { sendFile, sendZip } from './send.ts';
import { type StoreIndex, storeIndex } from './store-index.ts';

export interface AppOptions {
  readonly store: string;
  /** The name or address that it listens on. */
  readonly hostname: string;
  /** Whether others than this machine are let in. */
  readonly remote: boolean;
  readonly token: Token;
  /** Compares folders; the first is the baseline. Rejects with what is wrong with them. */
  readonly compare: (folders: readonly string[]) => Promise<ComparedFolders>;
  readonly watch: Watch;
  /** Aborts when the server stops, so that nothing keeps it up. */
  readonly signal: AbortSignal;
}

export interface ComparedFolders {
  readonly comparison: Comparison;
  /** The same as one file, with charts. */
  readonly page: () => Promise<string>;
}

/** Pages that follow a run at one time. */
const mostLive = 8;

export function app(options: AppOptions): Hono {
  const hono = new Hono();
  const index = storeIndex(options.store);
  guardAll(hono, options);
  hono.get('/', (context) => showList(context, index, options));
  hono.get('/trends', (context) => showTrends(context, index));
  hono.get('/compare', (context) => showComparison(context, index, options));
  hono.get('/compare/report', (context) => showComparison(context, index, options));
  hono.get('/run/:name/:timestamp', (context) => showEntry(context, index, options));
  hono.get('/run/:name/:timestamp/file/*', (context) => sendFile(context, options.store));
  hono.get('/run/:name/:timestamp/zip', (context) => sendZip(context, options.store));
  hono.get('/run/:name/:timestamp/live', liveOf(options));
  hono.post('/run/:name/:timestamp/delete', bodyLimit({ maxSize: 4096 }), (context) =>
    deleteEntry(context, index, options),
  );
  hono.get('/assets/style.css', (context) =>
    context.body(serveStyle, 200, { 'Content-Type': 'text/css; charset=utf-8' }),
  );
  hono.get('/assets/page.js', (context) =>
    context.body(pageScript, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  hono.notFound((context) => say(context, 404, 'Not here', 'There is nothing at this address.'));
  hono.onError((error, context) => {
    if (!(error instanceof HTTPException)) {
      return say(context, 500, 'That went wrong', shorten(error.message, 500));
    }
    return say(context, error.status, 'Not like this', shorten(error.message, 500));
  });
  return hono;
}

/** Before anything else: whom it came from, and what every answer carries. */
function guardAll(hono: Hono, options: AppOptions): void {
  hono.use(async (context, next) => {
    const header = (name: string): string | undefined => context.req.header(name);
    for (const [name, value] of Object.entries(commonHeaders)) context.header(name, value);
    context.header('Content-Security-Policy', pagePolicy);
    const host = header('host');
    if (!isForUs(host, options)) {
      return context.text('This server answers only to its own address.\n', 421);
    }
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      const origins = { host, origin: header('origin'), fetchSite: header('sec-fetch-site') };
      if (!isOurPage(origins)) {
        return context.text('Only pages of this server may change anything.\n', 403);
      }
    }
    return next();
  });
}

async function showList(
  context: Context,
  index: StoreIndex,
  { store }: AppOptions,
): Promise<Response> {
  const all = await index.entries();
  const filter = filterOf(context.req.query());
  const page = pageOf(matching(all, filter), filter.page);
  return context.html(listPage({ store, all, filter, page }));
}

async function showTrends(context: Context, index: StoreIndex): Promise<Response> {
  const all = await index.entries();
  const filter = filterOf(context.req.query());
  const figure = (context.req.query('figure') ?? '').slice(0, 300);
  return context.html(trendsPage({ all, matching: matching(all, filter), filter, figure }));
}

const mostCompared = 10;

async function showComparison(
  context: Context,
  index: StoreIndex,
  options: AppOptions,
): Promise<Response> {
  const ids = (context.req.queries('run') ?? []).map(parseEntryId);
  const wanted = ids.filter((id) => id !== null);
  if (wanted.length === 0 || wanted.length !== ids.length || wanted.length > mostCompared) {
    const text = `Select two to ${mostCompared} runs or benchmarks in the list.`;
    return say(context, 400, 'Nothing to compare', text);
  }
  const entries = await Promise.all(wanted.map((id) => index.entry(id)));
  const known = entries.filter((entry) => entry !== null);
  const ordered = known.sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  const folders = ordered.map((entry) => join(options.store, entry.name, entry.timestamp));
  try {
    const { comparison, page } = await options.compare(folders);
    if (context.req.path.endsWith('/report')) {
      context.header('Content-Security-Policy', reportPolicy);
      return await context.html(page());
    }
    const command = `dtest compare ${folders.join(' ')}`;
    const query = ordered.map((entry) => `run=${encodeURIComponent(idText(entry))}`).join('&');
    return context.html(comparePage({ comparison, command, report: `/compare/report?${query}` }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return say(context, 400, 'These cannot be compared', shorten(why, 1000));
  }
}

async function showEntry(
  context: Context,
  index: StoreIndex,
  { store, token }: AppOptions,
): Promise<Response> {
  const id = idOf(context);
  const folder = id === null ? null : await folderOf(store, id);
  const entry = id === null || folder === null ? null : await index.entry(id);
  if (entry === null || folder === null) return noSuchEntry(context);
  return context.html(entryPage({ entry, files: await filesOf(folder), token: token.text }));
}

/** What can be opened: files of the folder, of `charts/`, and of each node. */
async function filesOf(
  folder: string,
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const found: { path: string; bytes: number }[] = [];
  const look = async (way: string, depth: number): Promise<void> => {
    const children = await readdir(join(folder, way), { withFileTypes: true }).catch(() => []);
    for (const child of children) {
      const path = way === '' ? child.name : `${way}/${child.name}`;
      if (found.length >= 500) return;
      if (child.isDirectory() && depth < 2) await look(path, depth + 1);
      if (!child.isFile()) continue;
      const kind = await lstat(join(folder, path)).catch(() => null);
      if (kind !== null) found.push({ path, bytes: kind.size });
    }
  };
  await look('', 0);
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** One event a second, as long as the run goes on and the page is open. */
function liveOf({ store, watch, signal }: AppOptions): (context: Context) => Promise<Response> {
  let open = 0;
  return async (context) => {
    const id = idOf(context);
    const folder = id === null ? null : await folderOf(store, id);
    if (folder === null) return noSuchEntry(context);
    if (open >= mostLive) {
      return say(context, 429, 'Too many', `${mostLive} pages follow runs already; close one.`);
    }
    open++;
    return streamSSE(context, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const either = AbortSignal.any([gone.signal, signal]);
      try {
        const about = { folder, signal: either, intervalMs: 1000 };
        const isBench = (await kindOf(folder)) === 'bench';
        const states = isBench ? liveBenchStates(about) : liveStates({ ...about, watch });
        for await (const state of states) {
          await stream.writeSSE({ event: 'state', data: JSON.stringify(state) });
        }
        await stream.writeSSE({ event: 'end', data: '' });
      } finally {
        open--;
      }
    });
  };
}

async function deleteEntry(
  context: Context,
  index: StoreIndex,
  { store, token }: AppOptions,
): Promise<Response> {
  const form = await context.req.parseBody().catch(() => {
    throw new HTTPException(400, { message: 'What was sent is no form.' });
  });
  if (!token.fits(form.token)) {
    const text = 'The page is from before this server was started. Reload it and try again.';
    return say(context, 403, 'Not deleted', text);
  }
  const id = idOf(context);
  const folder = id === null ? null : await folderOf(store, id);
  const entry = id === null ? null : await index.entry(id);
  if (id === null || folder === null || entry === null) return noSuchEntry(context);
  if (entry.state === 'running') {
    const text = `${idText(id)} is still running; end it first.`;
    return say(context, 409, 'Not deleted', text);
  }
  await removeEntry(store, folder);
  return context.redirect('/', 303);
}
