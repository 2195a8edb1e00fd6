import type { Simulation } from './virtual-time.ts';

/**
 * A machine's own monotonic clock: it began anywhere and runs a little fast or slow. A jump forward is
 * what a suspended machine sees; backwards it never goes.
 */
export interface LocalClock {
  nowMs(): number;
  /** How much true time passes while the clock moves on by so much. */
  trueNs(localMs: number): number;
  /** From now on it runs at this rate: 1.01 is one percent fast. */
  setRate(rate: number): void;
  jump(forwardMs: number): void;
}

export function localClock(
  simulation: Simulation,
  offsetMs: number,
  initialRate: number,
): LocalClock {
  let rate = initialRate;
  let sinceNs = 0;
  let shownMs = offsetMs;
  const nowMs = (): number => shownMs + ((simulation.nowNs() - sinceNs) / 1e6) * rate;
  const restart = (fromMs: number): void => {
    shownMs = fromMs;
    sinceNs = simulation.nowNs();
  };
  return {
    nowMs,
    trueNs: (localMs) => (localMs / rate) * 1e6,
    setRate(next) {
      restart(nowMs());
      rate = next;
    },
    jump: (forwardMs) => restart(nowMs() + Math.max(0, forwardMs)),
  };
}
