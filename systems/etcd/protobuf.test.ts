import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesField, message, numberField, readMessage } from './protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a message in the wire format', () => {
  it('has the bytes that the format’s own description shows', () => {
    expect(hex(numberField(1, 150))).toBe('089601');
    expect(hex(bytesField(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(bytesField(3, numberField(1, 150)))).toBe('1a03089601');
    expect(hex(numberField(16, 0))).toBe('800100');
    expect(hex(message())).toBe('');
  });

  it('comes back as it was written', () => {
    const field = fc.integer({ min: 1, max: 2 ** 20 });
    const number = fc.tuple(field, fc.nat(Number.MAX_SAFE_INTEGER));
    const text = fc.tuple(field, fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(fc.array(fc.oneof(number, text)), (fields) => {
        const written = fields.map(([at, value]) =>
          typeof value === 'number' ? numberField(at, value) : bytesField(at, value),
        );
        const found = readMessage(message(...written));
        for (const [at] of fields) {
          const values = fields.flatMap(([other, value]) => (other === at ? [value] : []));
          const texts = values.filter((value) => typeof value !== 'number');
          const last = values.findLast((value) => typeof value === 'number') ?? 0;
          expect(found.all(at).map(hex)).toEqual(texts.map(hex));
          expect(found.number(at)).toBe(last);
        }
      }),
    );
  });

  it('keeps all 64 bits of an id', () => {
    const all = Buffer.from('08ffffffffffffffffff01', 'hex');
    expect(readMessage(all).bits(1)).toBe(2n ** 64n - 1n);
  });

  it('passes over fields of fixed size, which etcd does not use', () => {
    const bytes = Buffer.from('090102030405060708' + '1501020304' + '1007', 'hex');
    expect(readMessage(bytes).number(2)).toBe(7);
  });

  it.each([
    ['08', 'expected a number at byte 1, got the end'],
    ['0896', 'expected a number at byte 1, got the end'],
    ['08ffffffffffffffffffff01', 'expected a number of at most 10 bytes at byte 1'],
    ['120774', 'expected 7 bytes at byte 2, got the end'],
    ['0b', 'expected a field of a known kind at byte 1, got tag 11'],
  ])('is refused where it is none: %s', (bytes, why) => {
    expect(() => readMessage(Buffer.from(bytes, 'hex'))).toThrow(why);
  });
});
