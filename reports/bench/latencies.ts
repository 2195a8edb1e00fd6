import { build, decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { BenchRound } from '../../core/bench.ts';

/** Latencies of successful operations. */
export interface Latencies {
  readonly count: number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** By percentile, 0 to 100. */
  at(percentile: number): number;
}

/** An hour, in microseconds. */
const highestUs = 3600e6;

/** The histograms of some rounds together; null where they hold nothing. Throws on what is no histogram. */
export function latenciesOf(rounds: readonly BenchRound[]): Latencies | null {
  const all = build({ highestTrackableValue: highestUs, numberOfSignificantValueDigits: 3 });
  for (const { latencies } of rounds)
    for (const text of Object.values(latencies)) all.add(decodeFromCompressedBase64(text, 64));
  if (all.totalCount === 0) return null;
  return {
    count: all.totalCount,
    meanMs: all.mean / 1000,
    maxMs: all.maxValue / 1000,
    at: (percentile) => all.getValueAtPercentile(percentile) / 1000,
  };
}
