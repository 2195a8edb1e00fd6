import type { FaultLoop } from './fault-loop.ts';
import type { Observer } from './observer.ts';
import type { Recorder } from './recorder.ts';
import type { Phase, Progress, Test, Watcher } from './test.ts';

/** Tells the watcher what goes on: at every change of phase, and twice a second in between. */
export interface ProgressMeter extends Disposable {
  enter(phase: Phase, parts?: Parts): void;
  /** A message within the phase. */
  say(message: string): void;
}

interface Parts {
  readonly recorder: Recorder;
  readonly observer: Observer;
  readonly faults?: FaultLoop;
}

const intervalMs = 500;

export function progressMeter({ clock, plan }: Test, { onProgress }: Watcher): ProgressMeter {
  if (onProgress === undefined) {
    return { enter: ignore, say: ignore, [Symbol.dispose]: ignore };
  }
  const startNs = clock.nowNs();
  let phase: Phase = 'starting';
  let parts: Parts | undefined;
  let message: string | undefined;
  let last = { timeNs: startNs, ok: 0 };
  let opsPerSecond = 0;
  let ended = new AbortController();

  const tell = (): void => {
    const timeNs = clock.nowNs();
    const counts = parts?.recorder.counts ?? { ok: 0, fail: 0, info: 0 };
    const elapsedNs = parts === undefined ? timeNs - startNs : parts.recorder.nowNs();
    if (timeNs - last.timeNs > 100e6) {
      opsPerSecond = (counts.ok - last.ok) / ((timeNs - last.timeNs) / 1e9);
      last = { timeNs, ok: counts.ok };
    }
    const leader = parts?.observer.leader();
    const progress: Progress = {
      phase,
      elapsedMs: elapsedNs / 1e6,
      totalMs: plan.timeMs,
      opsPerSecond,
      ...counts,
      faults: parts?.faults?.inForce() ?? [],
      ...(leader === undefined ? {} : { leader }),
      ...(message === undefined ? {} : { message }),
    };
    onProgress(progress);
  };
  const repeat = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      tell();
      await clock.sleep(intervalMs, signal);
    }
  };
  return {
    enter(next, given) {
      phase = next;
      parts = given;
      message = undefined;
      ended.abort();
      ended = new AbortController();
      void repeat(ended.signal);
    },
    say(text) {
      message = text;
      tell();
    },
    [Symbol.dispose]: () => ended.abort(),
  };
}

function ignore(): void {
  // Nobody watches.
}
