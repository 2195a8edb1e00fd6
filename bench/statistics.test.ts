import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median } from './statistics.ts';

it.each([
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2.5],
])('takes the middle of %j', (values, expected) => {
  expect(median(values)).toBe(expected);
});

it('has as many values above as below', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values);
      const above = values.filter((value) => value > middle).length;
      const below = values.filter((value) => value < middle).length;
      expect(Math.max(above, below)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

it('refuses to make one up', () => {
  expect(() => median([])).toThrow('expected at least one value');
});
