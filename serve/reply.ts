import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { messagePage } from './pages/layout.ts';
import { type EntryId, entryId } from './paths.ts';

/** A page that says in a few words what is the matter. */
export function say(
  context: Context,
  status: ContentfulStatusCode,
  title: string,
  text: string,
): Response {
  return context.html(messagePage(title, text), status);
}

/** What a request names; null where that cannot be the name of anything. */
export function idOf(context: Context): EntryId | null {
  return entryId(context.req.param('name'), context.req.param('timestamp'));
}

export function noSuchEntry(context: Context): Response {
  const text = 'There is no such run in the store; it may have been deleted.';
  return say(context, 404, 'Not here', text);
}
