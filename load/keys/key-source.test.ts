import { describe, expect, it } from 'vitest';
import { rngOf } from '../../core/rng.ts';
import {
  type Distribution,
  exponential,
  exponentialWeight,
  hotspot,
  keySource,
  scattered,
  zipfWeight,
} from './key-source.ts';

const draws = 200_000;
const seed = 7;

function shares(distribution: Distribution, count: number, countNow = count): Float64Array {
  const source = keySource({
    choice: { distribution, count },
    ...{ seed, rng: rngOf(1, distribution), countNow: () => countNow },
  });
  const found = new Float64Array(countNow);
  for (let draw = 0; draw < draws; draw++) found[source.next()]! += 1 / draws;
  return found;
}

/** Pearson's statistic over the number of degrees of freedom: about 1 where the shares are as wanted. */
function misfit(found: Float64Array, wanted: readonly number[]): number {
  const whole = wanted.reduce((sum, each) => sum + each, 0);
  let sum = 0;
  for (const [key, weight] of wanted.entries()) {
    const expected = (weight / whole) * draws;
    sum += ((found[key] ?? 0) * draws - expected) ** 2 / expected;
  }
  return sum / (wanted.length - 1);
}

const by = (count: number, weightOf: (key: number) => number): number[] =>
  Array.from({ length: count }, (_, key) => weightOf(key));

// With 99 degrees of freedom the statistic stays below 1.5 in 999 of 1000 samples.
const mostMisfit = 1.5;

describe('keys', () => {
  it('are all alike when uniform', () => {
    expect(
      misfit(
        shares('uniform', 100),
        by(100, () => 1),
      ),
    ).toBeLessThan(mostMisfit);
  });

  it("have Zipf's shares by rank, and the ranks are scattered by the seed", () => {
    const keys = scattered(100, seed);
    const found = shares('zipf', 100);
    const byRank = Float64Array.from(keys, (key) => found[key] ?? 0);
    expect(misfit(byRank, by(100, zipfWeight))).toBeLessThan(mostMisfit);
    expect([...keys].sort((one, other) => one - other)).toEqual(by(100, (key) => key));
    expect([...keys]).not.toEqual(by(100, (key) => key));
  });

  it('are the newest ones most, and inserted ones count', () => {
    const found = shares('latest', 100, 150);
    expect(found.slice(0, 50).every((share) => share === 0)).toBe(true);
    expect(misfit(found.slice(50).reverse(), by(100, zipfWeight))).toBeLessThan(mostMisfit);
  });

  it('are the first fifth for four fifths of the operations when there is a hotspot', () => {
    const found = shares('hotspot', 100);
    const weights = by(100, (key) =>
      key < 20 ? hotspot.operations / 20 : (1 - hotspot.operations) / 80,
    );
    expect(misfit(found, weights)).toBeLessThan(mostMisfit);
  });

  it('fall off exponentially, 98 % of the operations within the first 85.7 % of the keys', () => {
    const found = shares('exponential', 100);
    const weights = by(100, (key) => exponentialWeight(key, 100));
    expect(misfit(found, weights)).toBeLessThan(mostMisfit);
    const whole = weights.reduce((sum, each) => sum + each, 0);
    const first = weights.slice(0, Math.round(100 * exponential.keys));
    const share = first.reduce((sum, each) => sum + each, 0) / whole;
    // 95 % of the whole distribution, of which the keys hold 97 %.
    expect(share).toBeCloseTo(exponential.operations / (1 - 0.05 ** (1 / exponential.keys)), 2);
  });

  it.each<Distribution>(['uniform', 'zipf', 'latest', 'hotspot', 'exponential'])(
    'exist, even where there is only one (%s)',
    (distribution) => {
      expect([...shares(distribution, 1)][0]).toBeCloseTo(1);
    },
  );
});
