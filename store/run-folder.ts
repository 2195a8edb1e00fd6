import { existsSync, statSync } from 'node:fs';
import {
  mkdir,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import type { Artifact } from '../core/reporter.ts';
import { createStampedFolder } from './stamped-folder.ts';

/** Where a run keeps its files: `<store>/<name>/<timestamp>/`. */
export interface RunFolder {
  readonly path: string;
  readonly name: string;
  readonly timestamp: string;
}

export const historyFile = 'history.jsonl';
export const planFile = 'test.json';
export const benchFile = 'bench.json';
export const operationsFile = 'operations.jsonl';
export const resultsFile = 'results.json';
export const sightingsFile = 'sightings.jsonl';
export const messagesFile = 'messages.json';

/** Makes a new folder that no other run has, and points `<store>/latest` at it. */
export async function createRunFolder(
  store: string,
  name: string,
  startedAt: Date,
): Promise<RunFolder> {
  const { path, timestamp } = await createStampedFolder(join(store, name), startedAt);
  await pointLatestAt(store, path);
  return { path, name, timestamp };
}

/**
 * Finds a run by what a user may type: a folder, a file in it, `latest`, `<name>/<timestamp>`, or what
 * holds several, `<name>` or its folder, for the newest of them.
 */
export async function findRunFolder(store: string, text: string): Promise<RunFolder> {
  const path = resolve(text);
  const isFile = existsSync(path) && statSync(path).isFile();
  const candidates = [isFile ? dirname(path) : path, resolve(store, text)];
  for (const candidate of candidates) {
    // `latest` is a link that the next run moves: what it names now is what is meant.
    if (existsSync(join(candidate, planFile))) return folderAt(await realpath(candidate));
  }
  for (const runs of [resolve(store, text), path]) {
    const newest = await newestIn(runs);
    if (newest !== undefined) return folderAt(newest);
  }
  throw new Error(
    `expected a run: a folder with a ${planFile}, or a name under ${store} such as "latest", got "${text}"`,
  );
}

/** Writes a file whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Error(`expected JSON in ${path}, got something else`, { cause });
  }
}

/** Writes what a reporter made; refuses a path that leaves the run's folder. */
export async function writeArtifacts(
  folder: Pick<RunFolder, 'path'>,
  artifacts: readonly Artifact[],
): Promise<void> {
  for (const artifact of artifacts) {
    await writeWhole(insideFolder(folder.path, artifact.path), artifact.content);
  }
}

/** Resolves a relative path below a folder, or throws when it would lead out of it. */
export function insideFolder(folder: string, path: string): string {
  const target = resolve(folder, normalize(path));
  const way = relative(folder, target);
  if (path.includes('\0') || isAbsolute(path) || way === '' || way.split(sep)[0] === '..') {
    throw new Error(`expected a path inside ${folder}, got ${JSON.stringify(path)}`);
  }
  return target;
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.tmp`;
  await writeFile(draft, content);
  await rename(draft, path);
}

async function pointLatestAt(store: string, path: string): Promise<void> {
  const link = join(store, 'latest');
  const draft = join(store, `.latest-${basename(path)}`);
  await rm(draft, { force: true });
  await symlink(relative(store, path), draft);
  await rename(draft, link);
}

async function newestIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const runs = names.filter((name) => existsSync(join(folder, name, planFile))).sort();
  const newest = runs.at(-1);
  return newest === undefined ? undefined : join(folder, newest);
}

function folderAt(path: string): RunFolder {
  return { path, name: basename(dirname(path)), timestamp: basename(path) };
}
