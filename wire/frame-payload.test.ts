import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeForeign, decodePayload, encodePayload } from './frame-payload.ts';

const byteString = fc
  .array(fc.integer({ min: 0, max: 255 }))
  .map((codes) => String.fromCharCode(...codes));

const key = fc.string().filter((text) => text !== '__proto__');

const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, false),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
    byteString,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(key, tie('value'), { maxKeys: 20, noNullPrototype: true }),
  ),
})).value;

describe('payloads', () => {
  it('keep plain data as it is', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = encodePayload(value);
        expect(decodePayload(bytes)).toEqual(value);
        expect(decodeForeign(bytes)).toEqual(value);
      }),
    );
  });

  it('from strangers are refused when they are cut short or have something behind', () => {
    fc.assert(
      fc.property(plain, fc.nat(), (value, at) => {
        const bytes = encodePayload(value);
        const cut = at % bytes.length;
        expect(() => decodeForeign(bytes.subarray(0, cut))).toThrow(/^expected .* got /);
        expect(() => decodeForeign(Buffer.concat([bytes, Uint8Array.of(1)]))).toThrow(/got/);
      }),
    );
  });

  it('from strangers either decode to plain data or throw, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        let value: unknown;
        try {
          value = decodeForeign(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        expect(() => JSON.stringify(value)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['an array of more items than there are bytes', 'dd01ffffff'],
    ['arrays in arrays, each too long', 'dd00ffffff'.repeat(40)],
    ['a text longer than the payload', 'dbffffffff61'],
    ['an extension that defines a record', 'd4720191a161'],
    ['a regular expression', 'c70378a16100'],
    ['binary', 'c40161'],
    ['a map with a number as key', '810101'],
    ['the tag that is never used', 'c1'],
    ['nothing', ''],
  ])('from strangers are refused: %s', (_, hex) => {
    expect(() => decodeForeign(Buffer.from(hex, 'hex'))).toThrow(/^expected .* got /);
  });

  it('from strangers are refused when they nest too deep', () => {
    const deep = Buffer.concat([Buffer.alloc(100_000, 0x91), Uint8Array.of(1)]);
    expect(() => decodeForeign(deep)).toThrow('expected at most 64 levels');
  });

  it('never set a prototype', () => {
    const bytes = Buffer.from('81a95f5f70726f746f5f5f81a17801', 'hex');
    expect((decodeForeign(bytes) as { x?: unknown }).x).toBeUndefined();
  });
});
