import { describe, expect, it } from 'vitest';
import { rngOf } from '../core/rng.ts';
import { type SavedBench, compareBenches } from './compare-benches.ts';
import { normalDraw } from './draws.ts';
import { spreadOf } from './spread.ts';
import { sampleBench } from './testing/sample-bench.ts';

describe('how much sessions of the same thing differ', () => {
  it('is the spread of their figures, as two of them differ', () => {
    const rng = rngOf(1);
    const figures = Array.from({ length: 2000 }, () => 100 * Math.exp(0.1 * normalDraw(rng)));
    expect(spreadOf(figures)).toBeCloseTo(0.1 * Math.SQRT2, 2);
  });

  it('leaves out what chance within each explains', () => {
    const rng = rngOf(2);
    const figures = Array.from({ length: 2000 }, () => 100 * Math.exp(0.1 * normalDraw(rng)));
    expect(spreadOf(figures, [0.0075])).toBeCloseTo(0.05 * Math.SQRT2, 1);
    expect(spreadOf(figures, [1])).toBe(0);
  });

  it('is not told by fewer than four', () => {
    expect(spreadOf([1, 2, 3])).toBeNull();
    expect(spreadOf([1, 2, 3, 0])).toBeNull();
  });

  it('keeps a wandering machine from alarming, where benchmarks beside the baseline tell of it', () => {
    const speeds = [1, 0.7, 0.6, 1.3, 0.8, 1.1, 0.9, 1.2, 0.7, 1];
    const [one, two, ...siblings] = speeds.map((speed, seed) =>
      sampleBench({ ...{ seed, clients: [16], noise: 0.02, drift: 0 }, speeds: { raft: speed } }),
    );
    const [before, after]: SavedBench[] = [one, two].map((bench, at) => ({
      ...{ bench: bench!, path: '', label: String(at) },
    }));
    const verdicts = (first: SavedBench): readonly string[] =>
      compareBenches([first, after!], { gates: [], figures: ['throughput'] }).rows.map(
        ({ verdict }) => verdict,
      );
    expect(verdicts(before!)).not.toEqual(['no difference shown']);
    expect(verdicts({ ...before!, siblings })).toEqual(['no difference shown']);
  });
});
