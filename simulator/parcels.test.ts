import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateOf, parcelCodec } from './parcels.ts';

/** So many messages that some of them went through bytes. */
const many = 200;

// Through JSON, which has only one zero, as what goes over sockets has.
const plain = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.stringify(value))
  .filter((text) => !text.includes('__proto__'))
  .map((text): unknown => JSON.parse(text));

describe('messages between simulated nodes', () => {
  it('come out as they went in, copied or through bytes', () => {
    fc.assert(
      fc.property(plain, (message) => {
        const codec = parcelCodec();
        for (let at = 0; at < many; at++) {
          expect(codec.decode(codec.encode(message))).toStrictEqual(message);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('no longer change with what they were made of, nor with their duplicate', () => {
    const codec = parcelCodec();
    for (let at = 0; at < many; at++) {
      const entries = [{ term: 1, command: { key: 'k', value: undefined } }];
      const message = { kind: 'append', entries };
      const parcel = codec.encode(message);
      const duplicate = duplicateOf(parcel);
      entries[0]!.term = 2;
      (codec.decode(parcel) as typeof message).entries.pop();
      expect(codec.decode(duplicate)).toStrictEqual({
        kind: 'append',
        entries: [{ term: 1, command: { key: 'k', value: undefined } }],
      });
    }
  });

  it.each([
    ['a function', { act: () => 1 }, 'got [object Function]'],
    ['a large integer', [1n], 'got [object BigInt]'],
    ['a map', { votes: new Map() }, 'got [object Map]'],
    ['bytes', { data: Uint8Array.of(1) }, 'got [object Uint8Array]'],
    ['a field that sets a prototype', JSON.parse('[{ "__proto__": null }]'), 'got __proto__'],
    ['an object of a class', { error: new Error('x') }, 'got [object Error]'],
  ])('are refused with %s in them, which no socket would carry', (_, message, reason) => {
    const codec = parcelCodec();
    codec.encode('the first goes through bytes');
    expect(() => codec.encode(message)).toThrow(reason);
  });
});
