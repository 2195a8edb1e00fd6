/**
 * Milliseconds of the machine's monotonic clock, fractions included. They do not begin again with
 * the process, so what a protocol draws from the time of its start differs from life to life.
 */
export function monotonicMs(): number {
  return startMs + performance.now();
}

const startMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
