import { createHash } from 'node:crypto';

export interface ContextFile {
  /** Relative to the build context, with forward slashes. */
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * A tag that names the content: the same files give the same tag whatever their order, and any
 * change, also of a path alone, gives another. So an image with the right tag is never stale.
 */
export function contentTag(files: readonly ContextFile[]): string {
  const hash = createHash('sha256');
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path, content } of sorted) {
    // Lengths keep the end of one field from passing for the start of the next.
    hash.update(`${String(Buffer.byteLength(path))} ${String(content.length)}\n`);
    hash.update(path).update(content);
  }
  return hash.digest('hex').slice(0, 12);
}
