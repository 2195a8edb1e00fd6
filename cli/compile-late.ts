import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 wait longer before it optimizes: most checks are over within 100 ms, and where each function
 * that was called some hundred times and each loop that turned a hundred times is compiled at once, they
 * spend half of that on code that comes too late to be used. Counts are calls of a function and turns of
 * a loop (`node --v8-options`); long searches and simulations pass them in milliseconds.
 *
 * For the whole process, worker threads included. To be called before the work begins.
 */
export function compileLate(): void {
  // Another version may not know them, and would say so on standard error each time.
  if (!process.versions.v8.startsWith('13.')) return;
  for (const flag of lateFlags) setFlagsFromString(flag);
}

/** V8's own are 400 and 100, 3,000 and 500. */
const lateFlags: readonly string[] = [
  '--invocation-count-for-maglev=1500',
  '--invocation-count-for-maglev-osr=20000',
  '--invocation-count-for-turbofan=20000',
  '--invocation-count-for-osr=50000',
];
