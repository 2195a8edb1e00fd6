import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { count } from '../../reports/figures.ts';
import type { PlannedRound } from '../../runner/bench/cells.ts';
import { type BenchStanding, benchProgressFile } from '../../serve/bench-progress.ts';
import { writeJson } from '../../store/run-folder.ts';
import type { StatusLine } from '../progress-line.ts';

/** Tells how far a benchmark has come: a line for who waits, and a file for whoever looks in. */
export interface BenchProgress extends AsyncDisposable {
  begin(planned: PlannedRound): void;
  stage(name: string): void;
  end(): void;
  /** The round under way could not be measured. */
  failed(why: string): void;
}

export interface ProgressOptions {
  readonly line: StatusLine;
  /** The benchmark's. */
  readonly folder: string;
  readonly startedAt: string;
  /** How many rounds there are to be; a search for a rate may need fewer. */
  readonly rounds: number;
  /** What a round is expected to take, until some have been measured. */
  readonly expectedMs: number;
  readonly roundMs: number;
  readonly tally: () => { readonly ok: number; readonly errors: number };
}

const everyMs = 250;
const fileEveryMs = 1000;

export function benchProgress(options: ProgressOptions): BenchProgress {
  const { line, rounds } = options;
  const startMs = performance.now();
  const now: Moment = {
    startMs,
    done: 0,
    planned: null,
    stage: '',
    stageMs: startMs,
    roundMs: startMs,
  };
  const show = (): void => {
    if (now.planned === null) return;
    const { id } = now.planned.cell;
    const parts = [
      `round ${now.done + 1}/${rounds}`,
      id,
      now.stage === 'measuring' ? measuring(now, options) : now.stage,
      `${roughly(leftMs(now, options))} left`,
    ];
    line.show(parts.join(' · '), `${id} ${now.stage}`);
  };
  const file = fileOf(options, () => standingOf(now, options));
  const timers = [setInterval(show, everyMs), setInterval(file.write, fileEveryMs)];
  const over = (): void => {
    now.done++;
    now.planned = null;
  };
  file.write();
  return {
    begin(planned) {
      now.planned = planned;
      now.roundMs = performance.now();
    },
    stage(name) {
      now.stage = name;
      now.stageMs = performance.now();
      show();
    },
    end: over,
    failed(why) {
      const { planned } = now;
      if (planned !== null) {
        line.note(`${planned.cell.id}, round ${planned.round} could not be measured: ${why}`);
      }
      over();
    },
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer);
      await file.remove();
    },
  };
}

/** Times of `performance.now()`. */
interface Moment {
  readonly startMs: number;
  done: number;
  planned: PlannedRound | null;
  stage: string;
  stageMs: number;
  roundMs: number;
}

function leftMs(now: Moment, { rounds, expectedMs }: ProgressOptions): number {
  const perRoundMs = now.done === 0 ? expectedMs : (now.roundMs - now.startMs) / now.done;
  return Math.max(0, (rounds - now.done) * perRoundMs - (performance.now() - now.roundMs));
}

function measuring({ stageMs }: Moment, { tally, roundMs }: ProgressOptions): string {
  const { ok, errors } = tally();
  const wrong = errors === 0 ? '' : `, ${count(errors)} errors`;
  const elapsedMs = performance.now() - stageMs;
  return `${seconds(elapsedMs)}/${seconds(roundMs)} s · ${count(ok)} operations${wrong}`;
}

function standingOf(now: Moment, options: ProgressOptions): BenchStanding {
  const { startedAt, rounds, tally } = options;
  return {
    ...{ schema: 1, startedAt, done: now.done, rounds },
    ...{ cell: now.planned?.cell.id ?? '', stage: now.planned === null ? '' : now.stage },
    ...(now.stage === 'measuring' ? tally() : { ok: 0, errors: 0 }),
    leftMs: Math.round(leftMs(now, options)),
  };
}

/** What cannot be written is left out: a full disk shows itself where figures are saved. */
function fileOf(
  { folder }: ProgressOptions,
  read: () => BenchStanding,
): { readonly write: () => void; readonly remove: () => Promise<void> } {
  const path = join(folder, benchProgressFile);
  let writing: Promise<void> | null = null;
  return {
    write(): void {
      writing ??= writeJson(path, read())
        .catch(() => undefined)
        .finally(() => (writing = null));
    },
    async remove(): Promise<void> {
      await writing;
      await rm(path, { force: true });
    },
  };
}

/** `40 s`, `3 min`, `2 h 10 min`. */
export function roughly(ms: number): string {
  if (ms < 90_000) return `${Math.ceil(ms / 1000)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function seconds(ms: number): string {
  return Math.floor(ms / 1000).toFixed(0);
}
