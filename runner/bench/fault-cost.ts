import type { BenchWindow, FaultCost } from '../../core/bench.ts';

/** A fault as it was recorded; in milliseconds of the round. */
export type Struck = Pick<FaultCost, 'kind' | 'summary' | 'targets' | 'beginMs' | 'endMs'>;

export interface FaultCostOptions {
  readonly windows: readonly BenchWindow[];
  readonly windowMs: number;
  /** Throughput before the fault counts from here. */
  readonly warmUpMs: number;
  /** Ends of the successful operations from the fault on, in order, in milliseconds of the round. */
  readonly successesMs: Float64Array;
  readonly roundMs: number;
}

/** Back is who serves so much of what was served before. */
export const recoveredShare = 0.9;
/** For so long, on average, so that one good moment is not taken for recovery. */
const recoveredForMs = 500;

/** What a fault cost, seen from the clients. */
export function faultCostOf(struck: Struck, options: FaultCostOptions): FaultCost {
  const { windows, windowMs } = options;
  const recoveredAtMs = recoveryAfter(struck, options);
  const untilMs = recoveredAtMs ?? options.roundMs;
  const errors = windows
    .filter(({ atMs }) => atMs + windowMs > struck.beginMs && atMs < untilMs)
    .reduce((sum, each) => sum + each.errors, 0);
  return {
    ...struck,
    withoutServiceMs: longestGap(struck.beginMs, options),
    recoveredAfterMs: recoveredAtMs === null ? null : recoveredAtMs - struck.beginMs,
    errors,
  };
}

/** The longest time without any success, from the fault's beginning to the round's end. */
function longestGap(beginMs: number, { successesMs, roundMs }: FaultCostOptions): number {
  let last = beginMs;
  let longest = 0;
  for (const atMs of successesMs) {
    if (atMs <= beginMs) continue;
    if (atMs > roundMs) break;
    longest = Math.max(longest, atMs - last);
    last = atMs;
  }
  return Math.round(Math.max(longest, roundMs - last));
}

/**
 * When throughput was back, and stayed so for half a second; null if never. A fault that never lowered
 * it was recovered from at once, so the search begins with the fault; but as long as the fault lasts, a
 * dip may still come, so what counts is the end of the last dip that began under it.
 */
function recoveryAfter(
  { beginMs, endMs }: Struck,
  { windows, windowMs, warmUpMs }: FaultCostOptions,
): number | null {
  const before = windows.filter(({ atMs }) => atMs >= warmUpMs && atMs + windowMs <= beginMs);
  if (before.length === 0) return null;
  const wanted = recoveredShare * (before.reduce((sum, { ok }) => sum + ok, 0) / before.length);
  const needed = Math.max(1, Math.round(recoveredForMs / windowMs));
  const isGood = (from: number): boolean => {
    const span = windows.slice(from, from + needed);
    return span.length === needed && span.reduce((sum, { ok }) => sum + ok, 0) / needed >= wanted;
  };
  const first = windows.findIndex(({ atMs }) => atMs + windowMs > beginMs);
  let recovered: number | null = null;
  let isDown = false;
  for (let at = first; at >= 0 && at + needed <= windows.length; at++) {
    const atMs = windows[at]?.atMs ?? 0;
    if (!isGood(at)) {
      if (atMs <= endMs || isDown) {
        isDown = true;
        recovered = null;
      }
      continue;
    }
    if (recovered !== null && !isDown) continue;
    recovered = recovered === null && !isDown ? beginMs : firstGoodWindow(windows, at, wanted).atMs;
    isDown = false;
  }
  return recovered === null ? null : Math.max(beginMs, recovered);
}

/** Within a good span the first windows may still be low; service was back with the first that is not. */
function firstGoodWindow(
  windows: readonly BenchWindow[],
  from: number,
  wanted: number,
): BenchWindow {
  const found = windows.slice(from).find(({ ok }) => ok >= wanted);
  return found ?? (windows[from] as BenchWindow);
}
