import { type Histogram, build } from 'hdr-histogram-js';
import type { LatencyStats } from '../core/run.ts';

/**
 * Latencies in an HDR histogram: 1 µs to 10 minutes at three significant digits, whatever their number.
 * The only file that knows the library.
 */
export interface Latencies {
  record(latencyNs: number): void;
  readonly count: number;
  stats(): LatencyStats;
  percentileMs(percentile: number): number;
}

const lowestUs = 1;
const highestUs = 600e6;

export function latencies(): Latencies {
  const histogram: Histogram = build({
    bitBucketSize: 64,
    lowestDiscernibleValue: lowestUs,
    highestTrackableValue: highestUs,
    numberOfSignificantValueDigits: 3,
  });
  let sumUs = 0;
  const ms = (us: number): number => us / 1000;
  const percentileMs = (percentile: number): number =>
    histogram.totalCount === 0 ? 0 : ms(histogram.getValueAtPercentile(percentile));
  return {
    record(latencyNs) {
      const us = Math.min(highestUs, Math.max(lowestUs, Math.round(latencyNs / 1000)));
      histogram.recordValue(us);
      sumUs += us;
    },
    get count() {
      return histogram.totalCount;
    },
    percentileMs,
    stats: () => ({
      p50: percentileMs(50),
      p90: percentileMs(90),
      p99: percentileMs(99),
      p999: percentileMs(99.9),
      max: histogram.totalCount === 0 ? 0 : ms(histogram.maxValue),
      mean: histogram.totalCount === 0 ? 0 : ms(sumUs / histogram.totalCount),
    }),
  };
}
