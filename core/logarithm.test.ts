import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logarithm } from './logarithm.ts';

describe('the logarithm', () => {
  it('is that of the engine to within two units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -40, max: 2 ** 40, noNaN: true }), (value) => {
        const own = logarithm(value);
        expect(Math.abs(own - Math.log(value))).toBeLessThanOrEqual(
          2 * Number.EPSILON * Math.max(Math.abs(own), Number.EPSILON),
        );
      }),
    );
  });

  it('is exact where it can be', () => {
    expect([logarithm(1), logarithm(2), logarithm(0.25)]).toEqual([0, Math.LN2, -2 * Math.LN2]);
  });

  it('is what it always was, to the last bit', () => {
    const bits = (value: number): bigint => new BigUint64Array(Float64Array.of(value).buffer)[0]!;
    expect([0.1, 0.75, 3, 1 - 2 ** -32].map(logarithm).map(bits)).toMatchInlineSnapshot(`
      [
        13835739416338191637n,
        13822226076269861778n,
        4607626529066517258n,
        13686439267579461632n,
      ]
    `);
  });

  it.each([0, -1, NaN, Infinity])('refuses %d', (value) => {
    expect(() => logarithm(value)).toThrow('expected a finite number above 0');
  });
});
