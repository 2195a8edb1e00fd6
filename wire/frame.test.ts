import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameOf, frameReader } from './frame.ts';

/** Cuts the bytes at the given places, whatever they are. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length];
  const sorted = places.sort((one, other) => one - other);
  return sorted.slice(1).map((end, at) => bytes.slice(sorted[at], end));
}

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (payloads, cuts) => {
          const stream = Buffer.concat(payloads.map((payload) => frameOf(payload)));
          const reader = frameReader(300);
          const got: number[][] = [];
          for (const piece of pieces(stream, cuts)) {
            reader.push(piece);
            for (let next = reader.next(); next !== null; next = reader.next()) got.push([...next]);
          }
          expect(got).toEqual(payloads.map((payload) => [...payload]));
          expect(reader.heldBytes).toBe(0);
        },
      ),
    );
  });

  it('are refused by the length that they declare, before any of it has come', () => {
    const reader = frameReader(1000);
    reader.push(Uint8Array.of(0, 0, 3, 0xe9));
    expect(() => reader.next()).toThrow('expected frames of at most 1000 bytes, got one of 1001');
  });

  it('hold no more memory than has come, whatever they declare', () => {
    const reader = frameReader(1 << 30);
    reader.push(Uint8Array.of(0x3f, 0, 0, 0, 1, 2, 3));
    expect(reader.next()).toBeNull();
    expect(reader.heldBytes).toBeLessThan(100);
  });

  it('do not keep a large chunk for the few bytes that are left of it', () => {
    const reader = frameReader(1 << 20);
    reader.push(Buffer.concat([frameOf(new Uint8Array(60_000)), Uint8Array.of(0, 0)]));
    expect(reader.next()).toHaveLength(60_000);
    expect(reader.next()).toBeNull();
    expect(reader.heldBytes).toBe(2);
  });
});
