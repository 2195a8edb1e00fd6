import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../core/bench.ts';
import type { Validity } from '../core/verdict.ts';
import { benchFile, readJson } from '../store/run-folder.ts';
import { type CellTable, cellTable } from './bench-figures.ts';
import { type BenchStanding, benchProgressFile } from './bench-progress.ts';
import { type Entry, type Told, benchState, describeBench } from './entry.ts';

/** A benchmark under way, as its page shows it. */
export interface LiveBench extends Pick<
  BenchStanding,
  'done' | 'rounds' | 'cell' | 'stage' | 'ok' | 'errors' | 'leftMs'
> {
  readonly state: Entry['state'];
  /** Of the rounds so far; they are judged one by one. */
  readonly verdict: { readonly valid: Validity; readonly summary: string };
  readonly figures: CellTable;
}

export interface LiveBenchOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
}

const nowhere = { done: 0, rounds: 0, cell: '', stage: '', ok: 0, errors: 0, leftMs: 0 } as const;

/** Says how a benchmark stands, until it is over or nobody listens. */
export async function* liveBenchStates({
  folder,
  signal,
  intervalMs,
}: LiveBenchOptions): AsyncGenerator<LiveBench> {
  const figures = figuresIn(folder);
  let last: Standing = nowhere;
  while (!signal.aborted) {
    const state = await benchState(folder, Date.now());
    // While it ends, and while the file is rewritten, what was told last still stands.
    last = (await standingIn(folder)) ?? last;
    const told = await figures();
    if (told === null) return;
    yield {
      ...last,
      ...{ state, figures: cellTable(told.figures) },
      verdict: verdictOf(state, told),
    };
    if (state !== 'running') return;
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

function verdictOf(state: Entry['state'], { valid, reason }: Told): LiveBench['verdict'] {
  if (state !== 'running' || valid === null) return { valid: valid ?? 'unknown', summary: reason };
  const soFar = { valid: 'no wrong answer so far', invalid: 'a wrong answer', unknown: 'in doubt' };
  return { valid, summary: `${soFar[valid]}: ${reason}` };
}

type Standing = Omit<LiveBench, 'state' | 'verdict' | 'figures'>;

/** Whatever the file holds, only what is of the right kind goes to the page. */
async function standingIn(folder: string): Promise<Standing | null> {
  const found = await readJson(join(folder, benchProgressFile)).catch(() => null);
  if (typeof found !== 'object' || found === null) return null;
  const told = found as Readonly<Record<string, unknown>>;
  const number = (name: string): number => {
    const value = told[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : 0;
  };
  const word = (name: string): string => {
    const value = told[name];
    return typeof value === 'string' ? value.slice(0, 200) : '';
  };
  return {
    ...{ done: number('done'), rounds: number('rounds'), cell: word('cell'), stage: word('stage') },
    ...{ ok: number('ok'), errors: number('errors'), leftMs: number('leftMs') },
  };
}

/** Reads `bench.json` when it has changed: it grows, and is read every second. */
function figuresIn(folder: string): () => Promise<Told | null> {
  const path = join(folder, benchFile);
  let stamp = '';
  let told: Told | null = null;
  return async () => {
    const found = await stat(path).catch(() => null);
    if (found === null) return null;
    const now = `${found.mtimeMs}/${found.size}`;
    if (now !== stamp) {
      const bench = await readJson(path).catch(() => ({}));
      told = describeBench(bench as Bench);
      stamp = now;
    }
    return told;
  };
}
