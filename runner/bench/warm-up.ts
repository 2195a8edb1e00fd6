import type { BenchWindow } from '../../core/bench.ts';

/** Windows in a batch: MSER-5. */
const batch = 5;
/** Of a round, at least and at most. */
export const leastWarmUpShare = 0.2;
export const mostWarmUpShare = 0.5;

export const warmUpRule =
  `the first ${leastWarmUpShare * 100} % of each round are left out, and more where MSER-5 finds that throughput ` +
  `had not settled by then, up to ${mostWarmUpShare * 100} %`;

/** How long a round lasts, so that what is measured of it lasts so long, as a rule. */
export function roundMsFor(measuredMs: number): number {
  return Math.ceil(measuredMs / (1 - leastWarmUpShare));
}

/**
 * When what is measured begins. MSER-5 (White, Cobb and Spratt, "A comparison of five steady-state
 * truncation heuristics for simulation", 2000) batches the throughput of five windows each and cuts
 * where the standard error of the mean of what is left is smallest. It looks only at the windows up to
 * `untilMs`, where a fault strikes; a round that has none ends there.
 */
export function warmUpMsOf(
  windows: readonly BenchWindow[],
  { windowMs, untilMs }: { readonly windowMs: number; readonly untilMs: number },
): number {
  const steady = windows.filter(({ atMs }) => atMs + windowMs <= untilMs);
  const roundMs = windows.length * windowMs;
  const leastMs = Math.ceil((roundMs * leastWarmUpShare) / windowMs) * windowMs;
  const mostMs = Math.floor((untilMs * mostWarmUpShare) / windowMs) * windowMs;
  const cut = mser(batchMeans(steady.map(({ ok }) => ok)));
  return Math.min(Math.max(leastMs, cut * batch * windowMs), Math.max(leastMs, mostMs));
}

function batchMeans(values: readonly number[]): number[] {
  const batches = Math.floor(values.length / batch);
  return Array.from(
    { length: batches },
    (_, at) =>
      values.slice(at * batch, (at + 1) * batch).reduce((sum, each) => sum + each, 0) / batch,
  );
}

/**
 * How many values to leave out at the start. The statistic is the sum of squared deviations of what is
 * left over the square of its number; cuts beyond the middle say more about the few values behind them.
 */
export function mser(values: readonly number[]): number {
  let best = { cut: 0, error: Infinity };
  for (let cut = 0; cut <= values.length / 2; cut++) {
    const left = values.slice(cut);
    if (left.length === 0) break;
    const mean = left.reduce((sum, each) => sum + each, 0) / left.length;
    const squares = left.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    const error = squares / left.length ** 2;
    if (error < best.error) best = { cut, error };
  }
  return best.cut;
}
