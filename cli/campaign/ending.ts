import type { ResultLine } from './result-line.ts';

export interface Limits {
  readonly workers: number;
  /** Real time; null is no limit. */
  readonly timeMs: number | null;
  /** Ends the campaign after so many failures; null is no limit. */
  readonly failures: number | null;
  /** Runs saved of each kind of failure. */
  readonly save: number;
}

/** When a campaign ends before its seeds do, and why. */
export interface Ending extends Disposable {
  readonly signal: AbortSignal;
  consider(line: ResultLine): void;
  why(): string;
}

export function endingOf({ timeMs, failures }: Limits, interrupted: AbortSignal): Ending {
  const [enough, late] = [new AbortController(), new AbortController()];
  const timer = timeMs === null ? undefined : setTimeout(() => late.abort(), timeMs);
  let failed = 0;
  return {
    signal: AbortSignal.any([interrupted, enough.signal, late.signal]),
    consider({ outcome }) {
      if (outcome === 'invalid' || outcome === 'crashed') failed++;
      if (failures !== null && failed >= failures) enough.abort();
    },
    why() {
      if (interrupted.aborted) return 'ended early by the user';
      if (late.signal.aborted) return 'the time limit ran out';
      return failures === 1 ? 'ended at the first failure' : `ended after ${failed} failures`;
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
