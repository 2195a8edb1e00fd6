import { describe, expect, it } from 'vitest';
import { algorithms, testedModels } from '../testing/agreement.ts';
import { compareMutated, compareTrue } from '../testing/mutated-agreement.ts';
import { mutations } from '../testing/mutations.ts';

const seeds = Array.from({ length: 20 }, (_, seed) => seed);

describe.each(testedModels())('%s', (name) => {
  it('has histories of a true object judged valid by every algorithm', () => {
    const wrong = seeds.filter((seed) => !compareTrue(name, seed).agree);
    expect(wrong).toEqual([]);
  });

  it.each(mutations)('has all algorithms agree on histories changed so: $name', (mutation) => {
    const comparisons = seeds.map((seed) => compareMutated(name, mutation, seed));
    const wrong = seeds.filter((seed) => comparisons[seed]?.agree === false);
    expect(wrong).toEqual([]);
    const tried = comparisons.filter((each) => each !== null);
    const decided = tried.flatMap(({ found }) => found.filter((each) => each !== 'unknown'));
    expect(decided.length).toBeGreaterThanOrEqual(tried.length * algorithms.length * 0.8);
  });
});
