import { lstat, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { insideFolder } from '../store/run-folder.ts';

/** Where something of the store lies: `register-raft` and `2026-01-31T12-00-00.000`. */
export interface EntryId {
  readonly name: string;
  readonly timestamp: string;
}

/** Names that dtest gives to folders; nothing else is ever looked for on disk. */
const folderName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,150}$/u;

export function entryId(name: string | undefined, timestamp: string | undefined): EntryId | null {
  if (name === undefined || timestamp === undefined) return null;
  if (!folderName.test(name) || !folderName.test(timestamp)) return null;
  return { name, timestamp };
}

/** `register-raft/2026-01-31T12-00-00.000`, as forms send it. */
export function parseEntryId(text: string): EntryId | null {
  const parts = text.split('/');
  return parts.length === 2 ? entryId(parts[0], parts[1]) : null;
}

export function idText({ name, timestamp }: EntryId): string {
  return `${name}/${timestamp}`;
}

/** The folder, if it is one of the store's own and no link to elsewhere; null else. */
export async function folderOf(
  store: string,
  { name, timestamp }: EntryId,
): Promise<string | null> {
  const path = join(store, name, timestamp);
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() !== true) return null;
  return (await isWithin(path, store)) ? path : null;
}

/** A file inside an entry's folder, if it is a file and no link leads out; null else. */
export async function fileIn(folder: string, path: string): Promise<string | null> {
  const target = pathIn(folder, path);
  if (target === null) return null;
  const found = await lstat(target).catch(() => null);
  if (found?.isFile() !== true) return null;
  return (await isWithin(target, folder)) ? target : null;
}

function pathIn(folder: string, path: string): string | null {
  try {
    return insideFolder(folder, path);
  } catch {
    return null;
  }
}

/** With every link on the way followed. */
async function isWithin(path: string, folder: string): Promise<boolean> {
  try {
    const way = relative(await realpath(folder), await realpath(path));
    return way !== '' && way.split(sep)[0] !== '..';
  } catch {
    return false;
  }
}
