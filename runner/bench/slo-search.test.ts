import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rateSearch } from './slo-search.ts';

/** Searches with a system that meets the objective up to a rate. */
function search(limit: number, firstRate: number) {
  const tried: number[] = [];
  const found = rateSearch({ firstRate, precision: 0.05, mostTries: 40 });
  for (let rate = found.next; rate !== null; rate = found.next) {
    tried.push(rate);
    found.tell(rate <= limit);
  }
  return { best: found.best, tried };
}

it('finds the highest rate within five percent, wherever it began', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 1e6 }),
      fc.integer({ min: 1, max: 1e5 }),
      (limit, first) => {
        const { best, tried } = search(limit, first);
        expect(best).not.toBeNull();
        expect(best).toBeLessThanOrEqual(limit);
        expect(best).toBeGreaterThanOrEqual(limit / 1.05 - 1);
        expect(new Set(tried).size).toBe(tried.length);
      },
    ),
  );
});

it('needs about a dozen rates', () => {
  expect(search(7000, 500).tried.length).toBeLessThanOrEqual(12);
});

it('says that no rate will do, where none does', () => {
  expect(search(0, 500).best).toBeNull();
});

it('ends after so many rates, with the best so far', () => {
  const found = rateSearch({ firstRate: 1, precision: 0.05, mostTries: 3 });
  for (let tries = 0; tries < 3; tries++) found.tell(true);
  expect(found).toMatchObject({ next: null, best: 4 });
});
