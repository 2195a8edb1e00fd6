import type { Clock } from '../core/clock.ts';

/** The machine's own monotonic clock and timers. */
export const realClock: Clock = {
  nowNs: () => performance.now() * 1e6,
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

/** Longer timers than this fire at once in Node.js. */
const longestTimerMs = 2 ** 31 - 1;
