import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';

/** The machine's own time. */
export const clock: Clock = {
  nowNs: () => performance.now() * 1e6,
  sleep: (delayMs) => sleep(delayMs),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
};
