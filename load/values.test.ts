import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leastValueBytes, valuesOf } from './values.ts';

const numbers = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const sizes = fc.integer({ min: leastValueBytes, max: 2000 });

it('a value has the size that was asked for, and tells its number', () => {
  fc.assert(
    fc.property(sizes, numbers, (bytes, number) => {
      const { textOf, numberOf } = valuesOf(bytes);
      const text = textOf(number);
      expect(text).toHaveLength(bytes);
      expect(numberOf(text)).toBe(number);
    }),
  );
});

it('a value with any one byte changed is nobody’s or another number', () => {
  fc.assert(
    fc.property(sizes, numbers, fc.nat(), (bytes, number, place) => {
      const { textOf, numberOf } = valuesOf(bytes);
      const text = textOf(number);
      const at = place % bytes;
      const damaged = `${text.slice(0, at)}\x00${text.slice(at + 1)}`;
      expect(numberOf(damaged)).toBe(-2);
    }),
  );
});

it.each([
  '',
  ':',
  'abc',
  'x'.repeat(16),
  '00000001:abcdefg',
  '-1:abcdefghijklm',
  ' 1:abcdefghijklm',
])('a text that no client writes has no number: %j', (text) => {
  expect(valuesOf(16).numberOf(text)).toBe(-2);
});

it('a value too short to be unique is refused', () => {
  expect(() => valuesOf(11)).toThrow('expected values of at least 12 bytes');
});
