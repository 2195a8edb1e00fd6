import { expect, it } from 'vitest';
import { type Pass, type Test, shrink } from './search.ts';

/** Numbers made smaller by one, and by half. */
const less: Pass<number> = {
  name: 'number',
  async run(search) {
    while (await search.attempt(search.best() - 1));
  },
};
const half: Pass<number> = {
  name: 'half',
  async run(search) {
    await search.attempt(Math.floor(search.best() / 2));
  },
};
const atLeast =
  (least: number): Test<number> =>
  (candidate) =>
    Promise.resolve(candidate >= least ? candidate : null);
const never = (): boolean => false;

it('goes on until no pass makes anything smaller', async () => {
  const found = await shrink(1000, { passes: [half, less], tests: [atLeast(7)], isSpent: never });
  expect(found).toEqual({ best: 7, isMinimal: true });
});

it('a more patient test begins where the others are at their end', async () => {
  const tests = [atLeast(100), atLeast(9)];
  const found = await shrink(1000, { passes: [half, less], tests, isSpent: never });
  expect(found.best).toBe(9);
});

it('stops when the budget is spent, with the best so far, which is never worse', async () => {
  for (let budget = 0; budget < 30; budget++) {
    let runs = 0;
    const { best, isMinimal } = await shrink(1000, {
      passes: [half, less],
      tests: [(candidate, from) => (runs++, atLeast(7)(candidate, from))],
      isSpent: () => runs >= budget,
    });
    expect([runs <= budget, best <= 1000, best >= 7]).toEqual([true, true, true]);
    expect(isMinimal).toBe(runs < budget);
  }
});

it('does not try again what was refused', async () => {
  const tried: number[] = [];
  await shrink(8, {
    passes: [half, less, less],
    tests: [(candidate, from) => (tried.push(candidate), atLeast(7)(candidate, from))],
    isSpent: never,
  });
  expect(tried).toEqual([4, 7, 6, 3]);
});
