import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { filePolicy, reportPolicy } from './headers.ts';
import { fileIn, folderOf } from './paths.ts';
import { idOf, noSuchEntry } from './reply.ts';
import { zipOf } from './zip.ts';

/** Pictures as they are, reports boxed in, everything else as text or a download. */
export async function sendFile(context: Context, store: string): Promise<Response> {
  const id = idOf(context);
  const folder = id === null ? null : await folderOf(store, id);
  const asked = restOfPath(context);
  const path = folder === null || asked === null ? null : await fileIn(folder, asked);
  if (path === null) return noSuchEntry(context);
  const { size } = await lstat(path);
  const type = typeOf(path);
  context.header('Content-Security-Policy', type.policy);
  context.header('Content-Type', type.contentType);
  context.header('Content-Length', String(size));
  const stream = size === 0 ? null : createReadStream(path, { end: size - 1 });
  return context.body(stream === null ? '' : (Readable.toWeb(stream) as ReadableStream));
}

/** Decoded once, as the router decodes its own parameters; null where it cannot be. */
function restOfPath(context: Context): string | null {
  const { pathname } = new URL(context.req.url);
  const [, , , , , ...rest] = pathname.split('/');
  try {
    return rest.map(decodeURIComponent).join('/');
  } catch {
    return null;
  }
}

function typeOf(path: string): { readonly contentType: string; readonly policy: string } {
  const text = 'text/plain; charset=utf-8';
  if (path.endsWith('.html')) {
    return { contentType: 'text/html; charset=utf-8', policy: reportPolicy };
  }
  if (path.endsWith('.png')) return { contentType: 'image/png', policy: filePolicy };
  const isText = /\.(?:jsonl?|md|log|xml|txt)$/u.test(path);
  return { contentType: isText ? text : 'application/octet-stream', policy: filePolicy };
}

/** All that the run left, for keeping or for somebody else. */
export async function sendZip(context: Context, store: string): Promise<Response> {
  const id = idOf(context);
  const folder = id === null ? null : await folderOf(store, id);
  if (id === null || folder === null) return noSuchEntry(context);
  const name = `${id.name}-${id.timestamp}`;
  context.header('Content-Type', 'application/zip');
  context.header('Content-Disposition', `attachment; filename="${name}.zip"`);
  return context.body(await zipOf(folder, name));
}
