import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demultiplex, lastOf } from './demultiplex.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('a container’s output', () => {
  it('is what was written, in order, whatever the stream', () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ unit: 'grapheme' })));
    fc.assert(
      fc.property(frames, (all) => {
        const output = Buffer.concat(all.map(([stream, text]) => frame(stream, text)));
        expect(demultiplex(output)).toBe(all.map(([, text]) => text).join(''));
      }),
    );
  });

  it('is taken as far as it goes when its end is missing', () => {
    const output = Buffer.concat([frame(1, 'whole\n'), frame(2, 'half a line')]);
    expect(demultiplex(output.subarray(0, output.length - 5))).toBe('whole\nhalf a');
    expect(demultiplex(output.subarray(0, 17))).toBe('whole\n');
  });
});

describe('the last of a text', () => {
  it('starts with a whole line and is no longer than asked', () => {
    expect(lastOf('one\ntwo\nthree\n', 9)).toBe('three\n');
    expect(lastOf('short', 10)).toBe('short');
  });
});
