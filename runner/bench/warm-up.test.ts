import { describe, expect, it } from 'vitest';
import type { BenchWindow } from '../../core/bench.ts';
import { rngOf } from '../../core/rng.ts';
import { mser, roundMsFor, warmUpMsOf } from './warm-up.ts';

const windowMs = 100;

function windows(counts: readonly number[]): BenchWindow[] {
  return counts.map((ok, at) => ({ atMs: at * windowMs, ok, errors: 0, p50Ms: 1, p99Ms: 2 }));
}

function noisy(mean: (at: number) => number, count: number): number[] {
  const rng = rngOf(3);
  return Array.from({ length: count }, (_, at) => mean(at) + rng.int(-5, 5));
}

describe('the warm-up', () => {
  const roundMs = 10_000;

  it('is the first fifth of a round that was steady from the start', () => {
    const steady = windows(noisy(() => 100, 100));
    expect(warmUpMsOf(steady, { windowMs, untilMs: roundMs })).toBe(2000);
  });

  it('goes on to where a slow start has settled', () => {
    const slow = windows(noisy((at) => (at < 35 ? 20 + 2 * at : 100), 100));
    const warmUpMs = warmUpMsOf(slow, { windowMs, untilMs: roundMs });
    expect(warmUpMs).toBeGreaterThanOrEqual(3000);
    expect(warmUpMs).toBeLessThanOrEqual(5000);
  });

  it('never takes more than half, however long the start is', () => {
    const rising = windows(noisy((at) => at, 100));
    expect(warmUpMsOf(rising, { windowMs, untilMs: roundMs })).toBe(5000);
  });

  it('is told by what came before a fault alone', () => {
    const struck = windows(noisy((at) => (at < 40 ? 100 : at < 60 ? 0 : 100), 100));
    expect(warmUpMsOf(struck, { windowMs, untilMs: 4000 })).toBe(2000);
  });

  it('leaves as much to be measured as was asked for', () => {
    expect(roundMsFor(10_000)).toBe(12_500);
  });
});

it('MSER cuts off what is unlike the rest', () => {
  expect(mser([0, 0, 0, 9, 9, 9, 9, 9, 9, 9])).toBe(3);
  expect(mser([9, 9, 9, 9, 9, 9])).toBe(0);
  expect(mser([])).toBe(0);
});
