import ora from 'ora';
import type { Progress } from '../runner/test.ts';

/** Shows what a run is doing on standard error: one live line on a terminal, else a line now and then. */
export interface ProgressLine extends Disposable {
  show(progress: Progress): void;
  /** A line that stays. */
  note(text: string): void;
}

const plainIntervalMs = 5000;

export function progressLine(quiet: boolean): ProgressLine {
  const line = statusLine(quiet);
  return {
    ...line,
    show(progress) {
      const { phase, message = '' } = progress;
      line.show(describe(progress), `${phase}${phase === 'starting' ? message : ''}`);
    },
  };
}

/** Like a progress line, of whatever takes long. */
export interface StatusLine extends Disposable {
  /** Where lines only come now and then, one comes at once when the stage is another. */
  show(text: string, stage: string): void;
  /** A line that stays. */
  note(text: string): void;
}

export function statusLine(quiet: boolean): StatusLine {
  if (quiet) return { show: ignore, note: ignore, [Symbol.dispose]: ignore };
  return process.stderr.isTTY ? liveLine() : plainLines();
}

function liveLine(): StatusLine {
  const spinner = ora({ stream: process.stderr, discardStdin: false }).start();
  return {
    show: (text) => {
      spinner.text = text;
    },
    note: (text) => {
      spinner.stopAndPersist({ symbol: '·', text });
      spinner.start();
    },
    [Symbol.dispose]: () => {
      spinner.stop();
    },
  };
}

function plainLines(): StatusLine {
  let lastMs = -Infinity;
  let lastStage = '';
  const write = (text: string): void => void process.stderr.write(`${text}\n`);
  return {
    show: (text, stage) => {
      const nowMs = performance.now();
      if (stage === lastStage && nowMs - lastMs < plainIntervalMs) return;
      lastMs = nowMs;
      lastStage = stage;
      write(text);
    },
    note: write,
    [Symbol.dispose]: ignore,
  };
}

/** `running 12/30 s · 1,240 ops/s · 9,812 ok 3 fail 1 info · leader n2 · n3 cut off` */
export function describe(progress: Progress): string {
  const { phase, elapsedMs, totalMs, opsPerSecond, ok, fail, info, faults, leader } = progress;
  const parts: string[] = [
    phase === 'running' ? `running ${seconds(elapsedMs)}/${seconds(totalMs)} s` : labels[phase],
  ];
  if (progress.message !== undefined) parts.push(progress.message);
  if (ok + fail + info > 0) {
    if (phase === 'running') parts.push(`${count(opsPerSecond)} ops/s`);
    parts.push(`${count(ok)} ok ${count(fail)} fail ${count(info)} info`);
  }
  if (leader !== undefined) parts.push(`leader ${leader}`);
  parts.push(...faults);
  return parts.join(' · ');
}

const labels = {
  starting: 'starting the cluster',
  running: 'running',
  healing: 'healing',
  final: 'recovered, reading for the last time',
  stopping: 'taking the cluster down',
  checking: 'checking the history',
} as const;

function seconds(ms: number): string {
  return Math.floor(ms / 1000).toFixed(0);
}

function count(amount: number): string {
  return Math.round(amount).toLocaleString('en');
}

function ignore(): void {
  // Nobody watches.
}
