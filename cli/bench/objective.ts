import type { BenchCell, BenchRound } from '../../core/bench.ts';
import type { LatencyStats, OpStats, RunStats } from '../../core/run.ts';
import { type Latencies, decodeLatencies, mergeLatencies } from '../../load/figures/latencies.ts';
import { type Threshold, judgeThreshold } from '../../runner/thresholds.ts';

/** So much of the rate has to be served, or latencies only of what was served say little. */
const leastServedShare = 0.95;

/** Whether a round met an objective, and in milliseconds what was measured for it. */
export function judgeObjective(
  threshold: Threshold,
  cell: BenchCell,
  round: BenchRound,
): { readonly measuredMs: number; readonly met: boolean } {
  const stats = statsOf(round);
  const { measured, met } = judgeThreshold(threshold, stats);
  const rate = cell.load.kind === 'open' ? cell.load.rate : 0;
  const isServed = stats.throughput >= leastServedShare * rate;
  return { measuredMs: measured, met: met && isServed && round.verdict.valid !== 'invalid' };
}

/** A round in the words of a run's figures. */
export function statsOf(round: BenchRound): RunStats {
  const { counts, measuredMs, unissued } = round;
  const byName = Object.entries(round.latencies).map(
    ([name, encoded]) => [name, decodeLatencies(encoded)] as const,
  );
  const byOp = byName.map(([name, own]): [string, OpStats] => [
    name,
    { ok: own.count, fail: 0, info: 0, latencyMs: latencyStats(own) },
  ]);
  return {
    ...{ durationMs: measuredMs, counts, unissued, byOp: Object.fromEntries(byOp) },
    throughput: (counts.ok * 1000) / measuredMs,
    latencyMs: latencyStats(mergeLatencies(byName.map(([, own]) => own))),
  };
}

function latencyStats(latencies: Latencies): LatencyStats {
  return {
    p50: latencies.percentileMs(50),
    p90: latencies.percentileMs(90),
    p99: latencies.percentileMs(99),
    p999: latencies.percentileMs(99.9),
    max: latencies.maxMs,
    mean: latencies.meanMs,
  };
}
