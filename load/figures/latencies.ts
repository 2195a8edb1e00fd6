import {
  type Histogram,
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
} from 'hdr-histogram-js';

/** A histogram of latencies, with three significant digits from a microsecond up. */
export interface Latencies {
  add(latencyNs: number): void;
  percentileMs(percentile: number): number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly count: number;
  /** HDR V2, compressed, in base64; microseconds. */
  encoded(): string;
}

/** The only file of the load generator that knows the library. */
export function latencies(): Latencies {
  return latenciesIn(emptyHistogram());
}

/** Reads what `encoded` made. */
export function decodeLatencies(encoded: string): Latencies {
  return latenciesIn(decodeFromCompressedBase64(encoded, 64));
}

/** All of them together. */
export function mergeLatencies(all: readonly Latencies[]): Latencies {
  const sum = emptyHistogram();
  for (const each of all) sum.add(decodeFromCompressedBase64(each.encoded(), 64));
  return latenciesIn(sum);
}

function emptyHistogram(): Histogram {
  return build({
    bitBucketSize: 64,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2,
    numberOfSignificantValueDigits: 3,
  });
}

function latenciesIn(histogram: Histogram): Latencies {
  return {
    // What took less than a microsecond counts as one.
    add: (latencyNs) => histogram.recordValue(Math.max(1, Math.round(latencyNs / 1000))),
    percentileMs: (percentile) => histogram.getValueAtPercentile(percentile) / 1000,
    get meanMs() {
      return histogram.mean / 1000;
    },
    get maxMs() {
      return histogram.maxValue / 1000;
    },
    get count() {
      return histogram.totalCount;
    },
    encoded: () => encodeIntoCompressedBase64(histogram),
  };
}
