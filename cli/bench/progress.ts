import type { BenchRound } from '../../core/bench.ts';
import type { PlannedRound } from '../../runner/bench/cells.ts';
import { count } from '../../reports/figures.ts';
import type { StatusLine } from '../progress-line.ts';

/** Tells how far a benchmark has come. */
export interface BenchProgress extends Disposable {
  begin(planned: PlannedRound): void;
  stage(name: string): void;
  end(round: BenchRound): void;
}

export interface ProgressOptions {
  readonly line: StatusLine;
  /** How many rounds there are to be; a search for a rate may need fewer. */
  readonly rounds: number;
  /** What a round is expected to take, until some have been measured. */
  readonly expectedMs: number;
  readonly roundMs: number;
  readonly tally: () => { readonly ok: number; readonly errors: number };
}

const everyMs = 250;

export function benchProgress(options: ProgressOptions): BenchProgress {
  const { line, rounds, expectedMs, roundMs, tally } = options;
  const startMs = performance.now();
  let done = 0;
  let planned: PlannedRound | null = null;
  let stage = '';
  let stageMs = startMs;

  const show = (): void => {
    if (planned === null) return;
    const perRoundMs = done === 0 ? expectedMs : (roundStartMs - startMs) / done;
    const leftMs = Math.max(0, (rounds - done) * perRoundMs - (performance.now() - roundStartMs));
    const parts = [
      `round ${done + 1}/${rounds}`,
      planned.cell.id,
      stage === 'measuring' ? measuring() : stage,
      `${roughly(leftMs)} left`,
    ];
    line.show(parts.join(' · '), `${planned.cell.id} ${stage}`);
  };
  const measuring = (): string => {
    const elapsedMs = performance.now() - stageMs;
    const { ok, errors } = tally();
    const wrong = errors === 0 ? '' : `, ${count(errors)} errors`;
    return `${seconds(elapsedMs)}/${seconds(roundMs)} s · ${count(ok)} operations${wrong}`;
  };
  let roundStartMs = startMs;
  const timer = setInterval(show, everyMs);
  return {
    begin(next) {
      planned = next;
      roundStartMs = performance.now();
    },
    stage(name) {
      stage = name;
      stageMs = performance.now();
      show();
    },
    end() {
      done++;
      planned = null;
    },
    [Symbol.dispose]: () => clearInterval(timer),
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
