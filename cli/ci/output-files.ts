import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../failure.ts';

type Content = string | Uint8Array;

/** A file that cannot be written is better known before the work than after it. Named by flag. */
export async function refuseFolders(
  files: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [flag, path] of Object.entries(files)) {
    if (path === undefined) continue;
    if (path.trim() === '') throw new UsageError(`expected --${flag} to name a file, got nothing`);
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() !== true) continue;
    throw new UsageError(`expected --${flag} to name a file, got the folder ${path}`);
  }
}

/** Writes what was asked for; contents are made only for files that were. */
export async function writeFiles(
  files: readonly (readonly [string | undefined, () => Content | Promise<Content>])[],
): Promise<void> {
  for (const [path, content] of files) {
    if (path === undefined) continue;
    const made = await content();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, made);
  }
}
