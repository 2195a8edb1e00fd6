import { clockOf } from '../load/thread/thread-clock.ts';

/** The machine's own monotonic clock and timers. */
export const realClock = clockOf(() => performance.now() * 1e6);
