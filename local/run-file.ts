import { link, lstat, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProcessEntry, processTable } from './process-table.ts';

/** What a run made on this machine, for whoever has to clean up after a dtest that was killed. */
export interface RunRecord {
  readonly runId: string;
  readonly owner: string;
  readonly keep: boolean;
  /** Random; stands in the environment of every process and in every folder of the run. */
  readonly mark: string;
  readonly workDir: string;
  readonly folders: readonly string[];
  /** By node, and `proxies`. */
  readonly processes: Readonly<Record<string, RecordedProcess>>;
}

/** Each leads a process group of its own. */
export type RecordedProcess = Pick<ProcessEntry, 'pid' | 'startedAt'>;

/** The record of a run under way. */
export interface RunFile extends AsyncDisposable {
  /** Resolves once the record on disk names the process. */
  add(name: string, process: RecordedProcess): Promise<void>;
}

/** Where records are kept, unless a test wants a place of its own. */
export function defaultStateDir(): string {
  return join(tmpdir(), `dtest-${userId()}`);
}

/** Windows has no such numbers, and this world does not run there. */
function userId(): number {
  return process.getuid?.() ?? 0;
}

/** Writes the record; disposing removes it, unless a process in it lives on and needs cleaning. */
export async function createRunFile(stateDir: string, first: RunRecord): Promise<RunFile> {
  const path = join(await ownFolder(stateDir), `${first.runId}.json`);
  let record = first;
  // Writes queue up behind one another; each puts down all that is known by then.
  let written = writeFirst(path, record);
  await written;
  return {
    add(name, { pid, startedAt }) {
      record = { ...record, processes: { ...record.processes, [name]: { pid, startedAt } } };
      written = written.then(() => writeWhole(path, record));
      return written;
    },
    async [Symbol.asyncDispose]() {
      await written.catch(() => undefined);
      const lives = await Promise.all(Object.values(record.processes).map(isAlive));
      if (!lives.includes(true)) await removeRunFile(path);
    },
  };
}

/** Whether this very process still runs, and not another that got its number. */
export async function isAlive({ pid, startedAt }: RecordedProcess): Promise<boolean> {
  return (await processTable.look(pid))?.startedAt === startedAt;
}

export async function removeRunFile(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), rm(draftOf(path), { force: true })]);
}

/** A record that was found, or what is wrong with the file. */
export type FoundRun =
  | { readonly path: string; readonly record: RunRecord }
  | { readonly path: string; readonly problem: string };

export async function findRuns(stateDir: string): Promise<readonly FoundRun[]> {
  const folder = await ownFolder(stateDir);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(names.sort().map((name) => readRun(join(folder, name))));
}

async function readRun(path: string): Promise<FoundRun> {
  try {
    const record: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isRunRecord(record)) return { path, record };
    return { path, problem: 'expected the record of a run, got other JSON' };
  } catch (error) {
    return { path, problem: error instanceof Error ? error.message : String(error) };
  }
}

function isRunRecord(value: unknown): value is RunRecord {
  if (!isObject(value)) return false;
  const { folders, processes, keep } = value;
  const hasTexts = ['runId', 'owner', 'mark', 'workDir'].every(
    (name) => typeof value[name] === 'string' && value[name] !== '',
  );
  return (
    hasTexts &&
    typeof keep === 'boolean' &&
    Array.isArray(folders) &&
    folders.every((folder) => typeof folder === 'string') &&
    isObject(processes) &&
    Object.values(processes).every(isRecordedProcess)
  );
}

/** Numbers below 2 would address everybody, or the system's first process. */
function isRecordedProcess(value: unknown): value is RecordedProcess {
  if (!isObject(value)) return false;
  const { pid, startedAt } = value;
  return Number.isSafeInteger(pid) && (pid as number) > 1 && typeof startedAt === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Other users can write beside it in the temporary folder, so a folder that is not ours is refused. */
async function ownFolder(stateDir: string): Promise<string> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const found = await lstat(stateDir);
  if (!found.isDirectory() || found.uid !== userId()) {
    throw new Error(
      `expected ${stateDir} to be a folder of ours, but it belongs to user ${found.uid}; ` +
        'remove it, or set TMPDIR to a folder of your own',
    );
  }
  const runs = join(stateDir, 'runs');
  await mkdir(runs, { recursive: true, mode: 0o700 });
  return runs;
}

/** Refuses to take the place of another run's record. */
async function writeFirst(path: string, record: RunRecord): Promise<void> {
  await writeDraft(path, record);
  try {
    await link(draftOf(path), path);
  } catch (cause) {
    throw new Error(
      `expected no other run to be called ${record.runId}, but ${path} cannot be made; clean up ` +
        'first (dtest clean), or choose another name',
      { cause },
    );
  } finally {
    await rm(draftOf(path), { force: true });
  }
}

/** A reader sees the old record or the new one, never half of it. */
async function writeWhole(path: string, record: RunRecord): Promise<void> {
  await writeDraft(path, record);
  await rename(draftOf(path), path);
}

async function writeDraft(path: string, record: RunRecord): Promise<void> {
  await writeFile(draftOf(path), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

function draftOf(path: string): string {
  return `${path}.draft`;
}
