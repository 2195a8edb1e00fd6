import type { BenchWindow } from '../../core/bench.ts';
import { type Columns, isCounted, isOk } from '../journal/columns.ts';

export interface WindowOptions {
  /** Where the round begins on the columns' clock. */
  readonly fromNs: number;
  readonly windowMs: number;
  readonly count: number;
}

/** What ended in each window of a round. An operation without an end is in none. */
export function windowsOf(
  columns: Columns,
  { fromNs, windowMs, count }: WindowOptions,
): readonly BenchWindow[] {
  const ok = new Uint32Array(count);
  const errors = new Uint32Array(count);
  const windowAt = (at: number): number =>
    Math.floor(((columns.endNs[at] ?? Infinity) - fromNs) / 1e6 / windowMs);
  eachCounted(columns, (at) => {
    const window = windowAt(at);
    if (window < 0 || window >= count) return;
    const counts = isOk(columns, at) ? ok : errors;
    counts[window] = (counts[window] ?? 0) + 1;
  });
  const sorted = latenciesByWindow(columns, ok, windowAt);
  return Array.from({ length: count }, (_, window) => ({
    atMs: window * windowMs,
    ok: ok[window] ?? 0,
    errors: errors[window] ?? 0,
    p50Ms: quantile(sorted(window), 0.5),
    p99Ms: quantile(sorted(window), 0.99),
  }));
}

/** Milliseconds of each window's successful operations, in order; all of them in one array. */
function latenciesByWindow(
  columns: Columns,
  ok: Uint32Array,
  windowAt: (at: number) => number,
): (window: number) => Float32Array {
  const starts = new Uint32Array(ok.length + 1);
  for (let window = 0; window < ok.length; window++) {
    starts[window + 1] = (starts[window] ?? 0) + (ok[window] ?? 0);
  }
  const next = starts.slice();
  const all = new Float32Array(starts.at(-1) ?? 0);
  eachCounted(columns, (at) => {
    const window = windowAt(at);
    if (window < 0 || window >= ok.length || !isOk(columns, at)) return;
    const place = next[window] ?? 0;
    next[window] = place + 1;
    all[place] = ((columns.endNs[at] ?? 0) - (columns.dueNs[at] ?? 0)) / 1e6;
  });
  for (let window = 0; window < ok.length; window++) {
    all.subarray(starts[window], starts[window + 1]).sort();
  }
  return (window) => all.subarray(starts[window], starts[window + 1]);
}

/** The smallest value that at least this share of all values does not exceed; 0 without any. */
export function quantile(sorted: Float32Array, share: number): number {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return Math.round(value * 1000) / 1000;
}

function eachCounted(columns: Columns, visit: (at: number) => void): void {
  for (let at = 0; at < columns.count; at++) if (isCounted(columns, at)) visit(at);
}

/** Ends of the successful operations from this moment of the round on, in milliseconds, in order. */
export function successesAfter(columns: Columns, fromNs: number, afterMs: number): Float64Array {
  const ends: number[] = [];
  eachCounted(columns, (at) => {
    const endMs = ((columns.endNs[at] ?? Infinity) - fromNs) / 1e6;
    if (isOk(columns, at) && endMs >= afterMs) ends.push(endMs);
  });
  return Float64Array.from(ends).sort();
}
