import { type Histogram, build, decodeFromCompressedBase64 } from 'hdr-histogram-js';

/** Latencies as a benchmark keeps them; the only file here that knows the library. */
export interface LatencyDistribution {
  readonly meanMs: number;
  readonly maxMs: number;
  percentileMs(percentile: number): number;
}

/** An hour. */
const highestUs = 3600e6;

/** Reads histograms of microseconds and adds them up; null where they hold nothing. */
export function distributionOf(encoded: readonly string[]): LatencyDistribution | null {
  // Each knows values up to its own largest; the sum has to know them all.
  const all = build({ highestTrackableValue: highestUs, numberOfSignificantValueDigits: 3 });
  for (const text of encoded) all.add(decoded(text));
  if (all.totalCount === 0) return null;
  return {
    meanMs: all.mean / 1000,
    maxMs: all.maxValue / 1000,
    percentileMs: (percentile) => all.getValueAtPercentile(percentile) / 1000,
  };
}

function decoded(text: string): Histogram {
  try {
    return decodeFromCompressedBase64(text, 64);
  } catch (cause) {
    throw new Error(
      `expected a histogram (HDR V2, compressed, base64), got "${text.slice(0, 24)}…"; was the file written by dtest bench?`,
      { cause },
    );
  }
}
