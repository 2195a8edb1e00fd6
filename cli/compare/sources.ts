import { existsSync, statSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { SavedBench } from '../../compare/compare-benches.ts';
import type { RunGroup } from '../../compare/compare-runs.ts';
import { planDifferences } from '../../compare/warnings.ts';
import type { Bench } from '../../core/bench.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Results, Run, RunStats } from '../../core/run.ts';
import { benchFile, planFile, readJson, resultsFile } from '../../store/run-folder.ts';
import type { SavedTest } from '../execute-run.ts';
import { UsageError, messageOf } from '../failure.ts';
import { asRun, openRun } from '../saved-run.ts';

/** What the words of the command line name. */
export type Sources =
  | { readonly kind: 'benches'; readonly benches: readonly [SavedBench, ...SavedBench[]] }
  | { readonly kind: 'runs'; readonly groups: readonly [RunGroup, ...RunGroup[]] };

/** Finds and reads everything that is to be compared; all benchmarks, or all runs. */
export async function openSources(store: string, words: readonly string[]): Promise<Sources> {
  const found = await Promise.all(words.map((word) => partsOf(store, word)));
  const kinds = new Set(found.flatMap((parts) => parts.map(({ kind }) => kind)));
  if (kinds.size > 1) {
    const one = (kind: string): string =>
      words[found.findIndex((parts) => parts.some((part) => part.kind === kind))] ?? '';
    throw new UsageError(
      `expected either benchmarks or runs, got both ("${one('bench')}" is a benchmark, "${one('run')}" a run); ` +
        'a benchmark has rounds and no faults of its own choosing, so their figures mean different things',
    );
  }
  const named = new Set(found.flatMap((parts) => parts.map(({ path }) => path)));
  if (kinds.has('bench')) {
    const [first, ...others] = await Promise.all(
      found.map((parts, at) => benchOf(parts, words[at] ?? '')),
    );
    if (first === undefined) throw new UsageError('expected the name of a run, got nothing');
    const siblings = await benchesBeside(first, named);
    const benches = distinct([{ ...first, siblings }, ...others]);
    return { kind: 'benches', benches: benches as [SavedBench, ...SavedBench[]] };
  }
  const groups = await Promise.all(found.map((parts) => groupOf(store, parts, named)));
  return { kind: 'runs', groups: distinct(groups) as [RunGroup, ...RunGroup[]] };
}

/** Where something saved lies, and what it is. */
export interface SavedAt {
  readonly kind: 'bench' | 'run';
  readonly path: string;
}

/** Commas join repetitions, unless the word is a path as it stands. */
async function partsOf(store: string, word: string): Promise<readonly SavedAt[]> {
  const whole = await savedAt(store, word);
  if (whole !== undefined) return [whole];
  const parts = word.split(',').filter((each) => each !== '');
  return Promise.all(
    parts.map(async (each) => {
      const part = await savedAt(store, each);
      if (part !== undefined) return part;
      throw new UsageError(
        `expected a run or a benchmark: a folder with a ${planFile} or ${benchFile}, or a name under ${store} such as "latest" or "register-raft", got "${each}"`,
      );
    }),
  );
}

/** What a word names: a folder, a file in one, a name in the store or its folder (the newest), or `latest`. */
export async function savedAt(store: string, text: string): Promise<SavedAt | undefined> {
  if (text === '' || text.includes('\0')) return undefined;
  const typed = resolve(text);
  const isFile = existsSync(typed) && statSync(typed).isFile();
  for (const candidate of [isFile ? dirname(typed) : typed, resolve(store, text)]) {
    const kind = kindOf(candidate);
    if (kind !== undefined) return { kind, path: await realpath(candidate) };
  }
  return (await newestIn(typed)) ?? newestIn(resolve(store, text));
}

function kindOf(folder: string): SavedAt['kind'] | undefined {
  if (existsSync(join(folder, benchFile))) return 'bench';
  return existsSync(join(folder, planFile)) ? 'run' : undefined;
}

async function newestIn(folder: string): Promise<SavedAt | undefined> {
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names.sort().reverse()) {
    const path = join(folder, name);
    const kind = kindOf(path);
    if (kind !== undefined) return { kind, path };
  }
  return undefined;
}

async function benchOf(parts: readonly SavedAt[], word: string): Promise<SavedBench> {
  const [part, extra] = parts;
  if (part === undefined || extra !== undefined) {
    throw new UsageError(
      `expected one benchmark in each word, got "${word}"; a benchmark has rounds, so it needs no repetitions: --rounds measures more`,
    );
  }
  return readBench(part.path);
}

/** A saved benchmark, by its folder. */
export async function readBench(path: string): Promise<SavedBench> {
  const file = join(path, benchFile);
  const value = await readJson(file).catch((error: unknown) => {
    throw new UsageError(messageOf(error));
  });
  const bench = value as Partial<Bench> | null;
  if (bench?.schema !== 1 || !Array.isArray(bench.cells) || !Array.isArray(bench.rounds)) {
    throw new UsageError(
      `expected a benchmark of schema 1 in ${file}, got something else; was it written by a newer dtest?`,
    );
  }
  return { bench: bench as Bench, path, label: labelOf(path) };
}

/** Each takes a moment to read, and more tell little more. */
const mostBenches = 10;

/** The newest benchmarks of the same systems, without those that are compared. */
async function benchesBeside(
  { path }: SavedBench,
  named: ReadonlySet<string>,
): Promise<readonly Bench[]> {
  const folder = dirname(path);
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => !named.has(join(folder, name)) && existsSync(join(folder, name, benchFile)),
  );
  const read = names
    .sort()
    .slice(-mostBenches)
    .map((name) => readBench(join(folder, name)).catch(() => null));
  return (await Promise.all(read)).flatMap((saved) => (saved === null ? [] : [saved.bench]));
}

async function groupOf(
  store: string,
  parts: readonly SavedAt[],
  named: ReadonlySet<string>,
): Promise<RunGroup> {
  const runs = await Promise.all(parts.map(({ path }) => openFinished(store, path)));
  const [first] = runs;
  if (first === undefined) throw new UsageError('expected the name of a run, got nothing');
  const siblings = runs.length > 1 ? [] : await siblingsOf(first, named);
  return { label: labelOf(first.path), runs: runs as [Run, ...Run[]], siblings };
}

/** More would take long to read and tell little more. */
const mostSiblings = 30;

/**
 * The newest runs beside this one that were made by the same plan, but for the seed and what it drew;
 * without those that are compared.
 */
async function siblingsOf(
  { path, plan }: Run,
  named: ReadonlySet<string>,
): Promise<readonly RunStats[]> {
  const folder = dirname(path);
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => !named.has(join(folder, name)),
  );
  const found: RunStats[] = [];
  for (const name of names
    .sort()
    .reverse()
    .slice(0, 4 * mostSiblings)) {
    const [test, results] = await Promise.all(
      [planFile, resultsFile].map((file) => readJson(join(folder, name, file)).catch(() => null)),
    );
    const other = (test as Partial<SavedTest> | null)?.plan;
    const stats = (results as Partial<Results> | null)?.stats;
    if (other === undefined || stats === undefined || found.length === mostSiblings) continue;
    const differing = planDifferences(
      plan as unknown as JsonObject,
      other as unknown as JsonObject,
    );
    if (differing.length === 0) found.push(stats);
  }
  return found;
}

async function openFinished(store: string, path: string): Promise<Run> {
  const saved = await openRun(store, path);
  if (saved.results !== undefined) return asRun(saved, saved.results);
  throw new UsageError(
    `expected a finished run in ${path}, got one without results; dtest report ${path} judges what there is of it`,
  );
}

/** `register-raft/2026-01-31T12-00-00.000` */
function labelOf(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}

/** A thing may be named twice, to see that it does not differ from itself; its rows must tell them apart. */
function distinct<Thing extends { readonly label: string }>(
  things: readonly Thing[],
): readonly Thing[] {
  return things.map((thing, at) => {
    const earlier = things.slice(0, at).filter(({ label }) => label === thing.label).length;
    return earlier === 0 ? thing : { ...thing, label: `${thing.label} (${earlier + 1})` };
  });
}
