import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RespReply, ReplySyntaxError, defaultReplyLimits, replyParser } from './resp-reply.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const decode = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.subarray(start, end)).toString('latin1');

function parse(chunks: readonly string[], limits = defaultReplyLimits): RespReply[] {
  const parser = replyParser(decode, limits);
  return chunks.flatMap((chunk) => {
    parser.push(bytesOf(chunk));
    const replies: RespReply[] = [];
    for (let reply = parser.next(); reply !== null; reply = parser.next()) replies.push(reply);
    return replies;
  });
}

function write(reply: RespReply): string {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'bulk':
      return reply.value === null ? '$-1\r\n' : `$${reply.value.length}\r\n${reply.value}\r\n`;
    case 'array':
      if (reply.items === null) return '*-1\r\n';
      return `*${reply.items.length}\r\n${reply.items.map(write).join('')}`;
  }
}

const byteString = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 })
  .map((codes) => String.fromCharCode(...codes));
const line = byteString.map((text) => text.replace(/[\r\n]/g, ''));
const anyReply = fc.letrec<{ reply: RespReply }>((tie) => ({
  reply: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    line.map((text): RespReply => ({ kind: 'status', text })),
    line.map((text): RespReply => ({ kind: 'error', text })),
    fc.maxSafeInteger().map((value): RespReply => ({ kind: 'integer', value: value + 0 })),
    fc.option(byteString).map((value): RespReply => ({ kind: 'bulk', value })),
    fc
      .option(fc.array(tie('reply'), { maxLength: 4 }))
      .map((items): RespReply => ({ kind: 'array', items })),
  ),
})).reply;

describe('the reply parser', () => {
  it('reads what a server wrote, however the bytes were cut', () => {
    fc.assert(
      fc.property(fc.array(anyReply), fc.integer({ min: 1, max: 7 }), (replies, step) => {
        const text = replies.map(write).join('');
        const chunks = Array.from({ length: Math.ceil(text.length / step) }, (_, at) =>
          text.slice(at * step, (at + 1) * step),
        );
        expect(parse(chunks)).toEqual(replies);
      }),
    );
  });

  it('says whether anything came beyond what was pulled', () => {
    const parser = replyParser(decode);
    expect(parser.isIdle()).toBe(true);
    for (const part of ['*1\r\n', '$1\r\n', 'x']) {
      parser.push(bytesOf(part));
      expect(parser.next()).toBeNull();
      expect(parser.isIdle()).toBe(false);
    }
    parser.push(bytesOf('\r\n+'));
    expect(parser.next()).toEqual({ kind: 'array', items: [{ kind: 'bulk', value: 'x' }] });
    expect(parser.isIdle()).toBe(false);
  });

  it.each([
    'x\r\n',
    '\r\n',
    '\n',
    '+OK\n',
    '+O\rK\r\n',
    '+OK\r\r\n',
    ':1x\r\n',
    ':\r\n',
    ':1.5\r\n',
    ': 1\r\n',
    ':9007199254740992\r\n',
    '$-2\r\n',
    '$01\r\n',
    '$x\r\n',
    '$1\r\nab\r\n',
    '$1\r\na\n\n',
    '$99999999999\r\n',
    '*-2\r\n',
    '*99999999\r\n',
    '*1\r\n'.repeat(9),
    'HTTP/1.1 400 Bad Request\r\n',
  ])('refuses %j', (text) => {
    expect(() => parse([text])).toThrow(ReplySyntaxError);
    expect(() => parse(Array.from(text))).toThrow(ReplySyntaxError);
  });

  it('refuses what exceeds its bounds before it has come in', () => {
    const limits = { ...defaultReplyLimits, maxLineBytes: 8, maxBulkBytes: 4 };
    expect(() => parse(['+123456789012'], limits)).toThrow('a line of at most 8 bytes');
    expect(() => parse(['$5\r\n'], limits)).toThrow('a bulk length of 0 to 4');
    expect(parse(['+1234567\r\n', '$4\r\nabcd\r\n'], limits)).toHaveLength(2);
  });

  it('never hangs or returns nonsense on random bytes: it reads, waits, or refuses', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-+:$*0-9a\r\n]{0,40}$/), (text) => {
        try {
          parse([text]);
        } catch (error) {
          expect(error).toBeInstanceOf(ReplySyntaxError);
        }
      }),
    );
  });
});
