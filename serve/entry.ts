import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { benchSide } from '../compare/bench-side.ts';
import { figuresOfRun } from '../compare/run-side.ts';
import type { Bench } from '../core/bench.ts';
import type { RunStats } from '../core/run.ts';
import type { Validity } from '../core/verdict.ts';
import { plural } from '../reports/figures.ts';
import { benchFile, historyFile, planFile, resultsFile } from '../store/run-folder.ts';
import { benchProgressFile, benchQuietMs } from './bench-progress.ts';

export type EntryKind = 'run' | 'bench' | 'campaign';

/** What the store's list shows of a folder. All texts are data, and short. */
export interface Entry {
  readonly kind: EntryKind;
  readonly name: string;
  readonly timestamp: string;
  /** ISO 8601; the folder's own time where the file does not say. */
  readonly startedAt: string;
  readonly system: string;
  readonly workload: string;
  readonly world: string;
  readonly state: 'finished' | 'running' | 'unfinished';
  /** Null until it is finished. */
  readonly valid: Validity | null;
  readonly reason: string;
  readonly command: string;
  /** By name; of benchmarks by cell and name, as in `raft n3 c64 throughput`. */
  readonly figures: Readonly<Record<string, number>>;
}

/** The file that makes a folder an entry, and the one that tells its end: it comes, or of benchmarks it goes. */
export const markers: Readonly<
  Record<EntryKind, { readonly start: string; readonly end: string }>
> = {
  run: { start: planFile, end: resultsFile },
  bench: { start: benchFile, end: benchProgressFile },
  campaign: { start: 'campaign.json', end: 'summary.json' },
};

/** A larger file is not what dtest writes; its entry is listed without what it holds. */
const largestBytes = 256 * 1024 * 1024;
/** Without a sign of life for so long, nothing writes to a folder any more. */
const quietMs = 120_000;

/** Reads what the list shows; never throws, whatever lies in the folder. Null where nothing of dtest's does. */
export async function readEntry(path: string, nowMs: number): Promise<Entry | null> {
  const kind = await kindOf(path);
  if (kind === null) return null;
  const { start, end } = markers[kind];
  const first = objectOf(await jsonAt(join(path, start)));
  const named = { kind, name: basename(dirname(path)), timestamp: basename(path) };
  const startedAt = timeOf(first?.startedAt, basename(path));
  if (kind === 'bench') {
    const told = describeBench(first as unknown as Bench);
    const state = await benchState(path, nowMs);
    return { ...named, state, ...told, valid: state === 'finished' ? told.valid : null, startedAt };
  }
  const last = objectOf(await jsonAt(join(path, end)));
  const told = describe(kind, first, last ?? {});
  const state = last === null ? await stateOf(path, kind, nowMs) : 'finished';
  return { ...named, state, ...told, startedAt };
}

/** It is finished when nothing says any more how far it is; one that was killed left that behind. */
export async function benchState(path: string, nowMs: number): Promise<Entry['state']> {
  const found = await stat(join(path, benchProgressFile)).catch(() => null);
  if (found === null) return 'finished';
  return nowMs - found.mtimeMs < benchQuietMs ? 'running' : 'unfinished';
}

export async function kindOf(path: string): Promise<EntryKind | null> {
  for (const kind of ['run', 'bench', 'campaign'] as const) {
    const found = await stat(join(path, markers[kind].start)).catch(() => null);
    if (found?.isFile() === true) return kind;
  }
  return null;
}

async function stateOf(
  path: string,
  kind: 'run' | 'campaign',
  nowMs: number,
): Promise<'running' | 'unfinished'> {
  const growing = [kind === 'campaign' ? 'results.jsonl' : historyFile, markers[kind].start];
  for (const file of growing) {
    const found = await stat(join(path, file)).catch(() => null);
    if (found !== null && nowMs - found.mtimeMs < quietMs) return 'running';
  }
  return 'unfinished';
}

type Unknowns = Readonly<Record<string, unknown>>;

async function jsonAt(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > largestBytes) return {};
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    // What is there and cannot be read is finished all the same.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : {};
  }
}

function objectOf(value: unknown): Unknowns | null {
  if (value === null) return null;
  return typeof value === 'object' && !Array.isArray(value) ? (value as Unknowns) : {};
}

export type Told = Omit<Entry, 'kind' | 'name' | 'timestamp' | 'state' | 'startedAt'>;

function describe(kind: 'run' | 'campaign', first: Unknowns | null, last: Unknowns): Told {
  switch (kind) {
    case 'run': {
      const plan = objectOf(first?.plan ?? null) ?? {};
      return {
        ...{ system: systemText(plan), workload: text(plan.workload), world: text(plan.world) },
        ...{
          valid: validityOf(last.valid),
          reason: text(last.reason),
          command: text(first?.command),
        },
        figures: finite(() => figuresOfRun(last.stats as RunStats)),
      };
    }
    case 'campaign':
      return {
        ...{ system: 'several', workload: `seeds ${text(first?.seeds)}`, world: 'sim' },
        ...{
          valid: validityOf(last.valid),
          reason: text(last.reason),
          command: text(first?.command),
        },
        figures: {},
      };
  }
}

/** What a benchmark has come to so far; of what cannot be read, nothing. */
export function describeBench(bench: Bench): Told {
  try {
    const side = benchSide(bench, { label: '', path: '', named: true });
    const figures = side.cells.flatMap(({ name, rounds }) =>
      Object.entries(rounds).map(([figure, values]) => [`${text(name)} ${figure}`, meanOf(values)]),
    );
    return {
      system: text([...new Set(bench.cells.map(({ subject }) => subject))].join(', ')),
      workload: text([...new Set(bench.cells.map(({ mix }) => mix.name))].join(', ')),
      world: text([...new Set(bench.cells.map(({ world }) => world))].join(', ')),
      valid: side.valid === 'valid' && (bench.failures ?? []).length > 0 ? 'unknown' : side.valid,
      reason: reasonOf(bench, side.valid),
      command: text(bench.command),
      figures: finite(() => Object.fromEntries(figures) as Record<string, number>),
    };
  } catch {
    return {
      ...{ system: '', workload: '', world: '', valid: null, command: '', figures: {} },
      reason: 'its bench.json cannot be read',
    };
  }
}

/** The first round that was not valid says why; failures are told beside. */
function reasonOf(bench: Bench, valid: Validity): string {
  const { cells, rounds } = bench;
  const size = `${plural(cells.length, 'cell')}, ${plural(rounds.length, 'round')}`;
  const failed = (bench.failures ?? []).length;
  const gaps = failed === 0 ? '' : `, ${plural(failed, 'other')} could not be measured`;
  const wrong = rounds.find(({ verdict }) => valid !== 'valid' && verdict.valid === valid);
  return text(`${size}${gaps}${wrong === undefined ? '' : `: ${wrong.verdict.reason}`}`);
}

function systemText(plan: Unknowns): string {
  const settings = objectOf(plan.settings ?? null) ?? {};
  const bug = text(settings.bug);
  return bug === '' || bug === 'none' ? text(plan.system) : `${text(plan.system)} with ${bug}`;
}

function meanOf(values: readonly (number | null)[]): number {
  const told = values.filter((value) => value !== null);
  return told.reduce((sum, each) => sum + each, 0) / told.length;
}

/** Files may hold anything: what cannot be read as figures is none. */
function finite(read: () => Readonly<Record<string, number | null>>): Record<string, number> {
  try {
    const told = Object.entries(read()).filter((entry): entry is [string, number] =>
      Number.isFinite(entry[1]),
    );
    return Object.fromEntries(told);
  } catch {
    return {};
  }
}

const longestText = 300;

/** A text of at most a line or three; anything else is none. */
function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, longestText) : '';
}

function validityOf(value: unknown): Validity | null {
  return value === 'valid' || value === 'invalid' || value === 'unknown' ? value : null;
}

function timeOf(value: unknown, timestamp: string): string {
  const told = typeof value === 'string' ? new Date(value) : new Date(Number.NaN);
  if (!Number.isNaN(told.getTime())) return told.toISOString();
  const [date = '', time = ''] = timestamp.split('T');
  const stamp = new Date(`${date}T${time.slice(0, 8).replaceAll('-', ':')}Z`);
  return Number.isNaN(stamp.getTime()) ? new Date(0).toISOString() : stamp.toISOString();
}
