import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, markers, readEntry } from './entry.ts';
import { type EntryId, entryId, folderOf, idText } from './paths.ts';

/** Everything in the store, the newest first. Folders are read once, and again only when they change. */
export interface StoreIndex {
  entries(): Promise<readonly Entry[]>;
  entry(id: EntryId): Promise<Entry | null>;
}

/** Folders read at a time: enough to keep a disk busy, few enough for any limit of open files. */
const width = 16;
/** More would be more than a list can show; the newest are kept. */
const mostEntries = 100_000;

interface Kept {
  /** What the files looked like when they were read. */
  readonly stamp: string;
  readonly entry: Entry | null;
}

export function storeIndex(store: string, nowMs: () => number = Date.now): StoreIndex {
  const kept = new Map<string, Kept>();
  const refresh = async (id: EntryId): Promise<Entry | null> => {
    const key = idText(id);
    const path = await folderOf(store, id);
    if (path === null) {
      kept.delete(key);
      return null;
    }
    const stamp = await stampOf(path);
    const before = kept.get(key);
    // What runs changes without its files' leave: quiet for long enough, it is unfinished.
    if (before?.stamp === stamp && before.entry?.state !== 'running') return before.entry;
    const entry = await readEntry(path, nowMs());
    kept.set(key, { stamp, entry });
    return entry;
  };
  let scanning: Promise<readonly Entry[]> | null = null;
  const scan = async (): Promise<readonly Entry[]> => {
    const ids = await idsIn(store);
    const known = new Set(ids.map(idText));
    for (const key of kept.keys()) if (!known.has(key)) kept.delete(key);
    const entries = await inTurn(ids, refresh);
    return entries
      .filter((entry) => entry !== null)
      .sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
  };
  return {
    entry: refresh,
    /** Requests that come while a scan is under way share it. */
    entries() {
      scanning ??= scan().finally(() => (scanning = null));
      return scanning;
    },
  };
}

async function idsIn(store: string): Promise<readonly EntryId[]> {
  const names = await foldersIn(store);
  const perName = await inTurn(names, async (name) => {
    const stamps = await foldersIn(join(store, name));
    return stamps.map((timestamp) => entryId(name, timestamp)).filter((id) => id !== null);
  });
  const ids = perName.flat();
  if (ids.length <= mostEntries) return ids;
  return ids.sort((one, other) => (one.timestamp < other.timestamp ? 1 : -1)).slice(0, mostEntries);
}

/** Folders proper: a link might lead anywhere. */
async function foldersIn(path: string): Promise<readonly string[]> {
  const found = await readdir(path, { withFileTypes: true }).catch(() => []);
  return found.filter((each) => each.isDirectory()).map(({ name }) => name);
}

async function stampOf(path: string): Promise<string> {
  const files = Object.values(markers).flatMap(({ start, end }) => [start, end]);
  const stamps = await Promise.all(
    [...new Set(files)].map(async (file) => {
      const found = await stat(join(path, file)).catch(() => null);
      return found === null ? '' : `${found.mtimeMs}/${found.size}`;
    }),
  );
  return stamps.join(' ');
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      results[at] = await act(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}
