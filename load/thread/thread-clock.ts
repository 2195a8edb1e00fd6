import type { Clock } from '../../core/clock.ts';

/** How often the two clocks are read side by side; the closest pair counts. */
const readings = 50;

/**
 * Nanoseconds of the round's clock, in any thread: `performance.now()` begins anew in each of them, so
 * it is set by the clock that the process has in common. Two threads then agree within what lies
 * between two readings of a clock, well below a microsecond.
 */
export function threadClock(epochNs: bigint): () => number {
  let closestNs = Infinity;
  let offsetNs = 0;
  for (let reading = 0; reading < readings; reading++) {
    const beforeNs = process.hrtime.bigint();
    const ownNs = performance.now() * 1e6;
    const afterNs = process.hrtime.bigint();
    const apartNs = Number(afterNs - beforeNs);
    if (apartNs >= closestNs) continue;
    closestNs = apartNs;
    offsetNs = Number(beforeNs - epochNs) + apartNs / 2 - ownNs;
  }
  return () => performance.now() * 1e6 + offsetNs;
}

/** Longer timers than this fire at once in Node.js. */
const longestTimerMs = 2 ** 31 - 1;

/** The whole of a clock, with the thread's own timers. */
export function clockOf(nowNs: () => number): Clock {
  return {
    nowNs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, Math.min(delayMs, longestTimerMs));
        signal?.addEventListener('abort', end, { once: true });
      }),
    after(delayMs, act) {
      const timer = setTimeout(act, Math.min(delayMs, longestTimerMs));
      return () => clearTimeout(timer);
    },
  };
}
