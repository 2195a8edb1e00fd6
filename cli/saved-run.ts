import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dtestJsonl } from '../checkers/formats/dtest-jsonl.ts';
import type { History } from '../core/history.ts';
import type { Sighting } from '../core/nemesis.ts';
import type { PlannedOperation, Results, Run } from '../core/run.ts';
import { textChunks } from '../store/lines.ts';
import {
  type RunFolder,
  findRunFolder,
  historyFile,
  operationsFile,
  planFile,
  readJson,
  resultsFile,
  sightingsFile,
} from '../store/run-folder.ts';
import type { SavedTest } from './execute-run.ts';
import { UsageError, messageOf } from './failure.ts';

/** A run as it lies in the store. Its results are missing when the harness died before the verdict. */
export interface SavedRun {
  readonly folder: RunFolder;
  readonly test: SavedTest;
  readonly history: History;
  readonly results?: Results;
}

export async function openRun(store: string, text: string): Promise<SavedRun> {
  const folder = await findRunFolder(store, text).catch(refuse);
  const read = checkedTest(await readJson(join(folder.path, planFile)).catch(refuse), folder);
  const test = await withOperations(read, join(folder.path, operationsFile));
  const resultsPath = join(folder.path, resultsFile);
  const results = existsSync(resultsPath)
    ? ((await readJson(resultsPath).catch(refuse)) as Results)
    : undefined;
  const historyPath = join(folder.path, historyFile);
  if (!existsSync(historyPath)) {
    throw new UsageError(`expected the run's ${historyFile} in ${folder.path}, found none`);
  }
  const history = historyAt(historyPath);
  return { folder, test, history, ...(results === undefined ? {} : { results }) };
}

async function withOperations(test: SavedTest, path: string): Promise<SavedTest> {
  if (!existsSync(path)) return test;
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  try {
    const operations = lines.map((line) => JSON.parse(line) as PlannedOperation);
    return { ...test, plan: { ...test.plan, operations } };
  } catch (error) {
    throw new UsageError(`expected an operation a line in ${path}: ${messageOf(error)}`);
  }
}

/** What is in the store is the user's: a file that cannot be read is not dtest's failure. */
function refuse(error: unknown): never {
  throw new UsageError(messageOf(error));
}

/** A history on disk, read anew each time it is gone through. */
export function historyAt(path: string): History {
  return { events: () => dtestJsonl.read(textChunks(path), { file: path }) };
}

export async function sightingsOf(folder: RunFolder): Promise<readonly Sighting[]> {
  const path = join(folder.path, sightingsFile);
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.flatMap((line, at) => {
    try {
      return [JSON.parse(line) as Sighting];
    } catch (error) {
      // A harness that was killed leaves its last line torn.
      if (at === lines.length - 1) return [];
      throw new UsageError(`expected a sighting in ${path}:${at + 1}: ${messageOf(error)}`);
    }
  });
}

/** A saved run with results, as reporters want it. */
export function asRun({ folder, test, history }: SavedRun, results: Results): Run {
  const { name, startedAt, command, plan, facts } = test;
  return { name, path: folder.path, startedAt, command, plan, facts, history, results };
}

function checkedTest(value: unknown, folder: RunFolder): SavedTest {
  const test = value as Partial<SavedTest> | null;
  if (test?.schema === 1 && typeof test.plan === 'object' && typeof test.command === 'string') {
    return test as SavedTest;
  }
  throw new UsageError(
    `expected a ${planFile} of schema 1 in ${folder.path}, got something else; was it written by a newer dtest?`,
  );
}
