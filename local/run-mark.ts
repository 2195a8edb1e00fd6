import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessEntry, processTable } from './process-table.ts';

const variable = 'DTEST_RUN';
const markFile = '.dtest-run';

/** Put into the environment of every process of a run; children inherit it. */
export function markedEnvironment(mark: string): Readonly<Record<string, string>> {
  return { [variable]: mark };
}

/**
 * The processes that carry the mark, grandchildren and those started a moment before a record could
 * be written included. Only Linux shows the environment of others; elsewhere nothing is found.
 */
export async function markedProcesses(mark: string): Promise<readonly ProcessEntry[]> {
  if (process.platform !== 'linux') return [];
  const entries = await processTable.all();
  const isMarked = await Promise.all(
    entries.map(async ({ pid }) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.split('\0').includes(`${variable}=${mark}`);
    }),
  );
  return entries.filter((_, at) => isMarked[at]);
}

/** Makes a new folder that is known again as the run's own. */
export async function createMarkedFolder(path: string, mark: string): Promise<void> {
  await mkdir(path);
  await writeFile(join(path, markFile), mark);
}

/** Removes the folder if it is the run's own, and says whether it did. */
export async function removeMarkedFolder(path: string, mark: string): Promise<boolean> {
  // A link in its place could lead anywhere.
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() !== true) return false;
  const written = await readFile(join(path, markFile), 'utf8').catch(() => null);
  if (written !== mark) return false;
  await rm(path, { recursive: true, force: true });
  return true;
}
