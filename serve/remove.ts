import { readlink, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Deletes an entry's folder, its parent once that is empty, and `latest` if it named it. */
export async function removeEntry(store: string, folder: string): Promise<void> {
  const link = join(store, 'latest');
  const latest = await readlink(link).catch(() => null);
  await rm(folder, { recursive: true, force: true });
  await rmdir(dirname(folder)).catch(() => undefined);
  const own = join(basename(dirname(folder)), basename(folder));
  if (latest !== null && latest === own) await rm(link, { force: true });
}
