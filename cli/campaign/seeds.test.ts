import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../failure.ts';
import { countOf, parseSeeds, seedsIn } from './seeds.ts';

describe('parseSeeds', () => {
  it.each([
    ['42', [42]],
    ['1..4', [1, 2, 3, 4]],
    ['7, 1..3', [1, 2, 3, 7]],
    ['1..3,2..5,5', [1, 2, 3, 4, 5]],
    ['0..0', [0]],
  ])('reads %s', (text, seeds) => {
    expect([...seedsIn(parseSeeds(text))]).toEqual(seeds);
  });

  it.each([
    ['10..1', 'try 1..10'],
    ['', 'numbers and ranges'],
    ['1-10', 'numbers and ranges'],
    ['1..', 'numbers and ranges'],
    ['-3', 'numbers and ranges'],
    ['1.5', 'numbers and ranges'],
    ['one', 'numbers and ranges'],
    ['1,,2', 'numbers and ranges'],
    ['1..99999999999999999999', 'at most 9007199254740991'],
  ])('refuses %j', (text, words) => {
    expect(() => parseSeeds(text)).toThrow(UsageError);
    expect(() => parseSeeds(text)).toThrow(words);
  });

  it('names every seed once, in order, however the ranges overlap', () => {
    const range = fc
      .tuple(fc.nat(50), fc.nat(20))
      .map(([first, more]) => [first, first + more] as const);
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), (ranges) => {
        const parsed = parseSeeds(ranges.map((each) => each.join('..')).join(','));
        const wanted = new Set(
          ranges.flatMap(([first, last]) =>
            Array.from({ length: last - first + 1 }, (_, at) => first + at),
          ),
        );
        expect([...seedsIn(parsed)]).toEqual([...wanted].sort((one, other) => one - other));
        expect(countOf(parsed)).toBe(wanted.size);
      }),
    );
  });
});
