import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RequestLimits, RequestSyntaxError, requestParser } from './resp-request.ts';

const limits: RequestLimits = {
  maxArguments: 8,
  maxBulkBytes: 1000,
  maxRequestBytes: 3000,
  maxInlineBytes: 200,
};

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function arrayOf(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

/** All requests of the stream, given to the parser in pieces of the given sizes in turn. */
function parse(stream: string, sizes: readonly number[] = [stream.length || 1]): string[][] {
  const parser = requestParser(limits);
  const bytes = bytesOf(stream);
  const requests: string[][] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parser.push(bytes.slice(at, at + size));
    at += size;
    for (let next = parser.next(); next !== null; next = parser.next()) requests.push([...next]);
  }
  return requests;
}

const byteString = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 100 })
  .map((codes) => String.fromCharCode(...codes));

describe('requests', () => {
  it('come out as they went in, whatever the bytes and however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(byteString, { minLength: 1, maxLength: 8 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        (requests, sizes) => {
          expect(parse(requests.map(arrayOf).join(''), sizes)).toEqual(requests);
        },
      ),
    );
  });

  it.each([
    ['PING\r\n', [['PING']]],
    ['PING\n', [['PING']]],
    ['  SET  a   b  \r\n', [['SET', 'a', 'b']]],
    ['\r\n\r\nPING\r\n', [['PING']]],
    ['SET a "b c\\n\\x41\\"" \r\n', [['SET', 'a', 'b c\nA"']]],
    ["SET a 'b \\' \\n'\r\n", [['SET', 'a', "b ' \\n"]]],
    ['SET a ""\r\n', [['SET', 'a', '']]],
    ['*0\r\n*-1\r\nPING\r\n', [['PING']]],
    ['PING\r\n*1\r\n$4\r\nPING\r\n', [['PING'], ['PING']]],
  ])('are understood as Redis does: %j', (stream, requests) => {
    expect(parse(stream)).toEqual(requests);
    expect(parse(stream, [1])).toEqual(requests);
  });

  it.each([
    ['*9\r\n', 'invalid multibulk length'],
    ['*x\r\n', 'invalid multibulk length'],
    ['*1.5\r\n', 'invalid multibulk length'],
    ['*99999999999999999999\r\n', 'invalid multibulk length'],
    [`*${'1'.repeat(40)}`, 'too big mbulk count string'],
    ['*1\r\n:5\r\n', "expected '$', got ':'"],
    ['*1\r\n$1001\r\n', 'invalid bulk length'],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    [`*1\r\n$${'1'.repeat(40)}`, 'too big bulk count string'],
    ['*1\r\n$1\r\nabc', 'expected CRLF after a bulk string'],
    [arrayOf(['x'.repeat(1000), 'x'.repeat(1000), 'x'.repeat(1000), 'y']), 'request of more than'],
    ['x'.repeat(300), 'too big inline request'],
    [`${'x'.repeat(300)}\r\n`, 'too big inline request'],
    ['SET "a\r\n', 'unbalanced quotes in request'],
    ['SET "a"b\r\n', 'unbalanced quotes in request'],
    ['a b c d e f g h i\r\n', 'too many words in inline request'],
  ])('that are none end the stream with a reason: %j', (stream, reason) => {
    expect(() => parse(stream)).toThrow(RequestSyntaxError);
    expect(() => parse(stream, [1])).toThrow(reason);
  });

  it('of random bytes are refused or understood, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const parser = requestParser(limits);
        parser.push(bytes);
        try {
          while (parser.next() !== null);
        } catch (error) {
          expect(error).toBeInstanceOf(RequestSyntaxError);
        }
        expect(parser.heldBytes).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 1000 },
    );
  });

  it('hold no more memory than has come, whatever they declare', () => {
    const parser = requestParser({ ...limits, maxBulkBytes: 1 << 29, maxRequestBytes: 1 << 30 });
    parser.push(bytesOf('*2\r\n$536870912\r\nabc'));
    expect(parser.next()).toBeNull();
    expect(parser.heldBytes).toBeLessThan(200);
  });

  it('of many single bytes cost no more than linear time', () => {
    const parser = requestParser({ ...limits, maxBulkBytes: 1 << 20, maxRequestBytes: 1 << 20 });
    parser.push(bytesOf('*1\r\n$200000\r\n'));
    for (let at = 0; at < 200_000; at++) {
      parser.push(Uint8Array.of(97));
      if (parser.next() !== null) throw new Error(`expected no request after byte ${at}`);
    }
    parser.push(bytesOf('\r\n'));
    expect(parser.next()?.[0]).toHaveLength(200_000);
  });
});
