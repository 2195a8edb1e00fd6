import { type ByteBuffer, byteBuffer } from './frame-buffer.ts';
import type { DecodeBytes } from './resp-request.ts';

/** A server's answer in RESP2. Strings are byte strings, one character a byte. */
export type RespReply =
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'bulk'; readonly value: string | null }
  | { readonly kind: 'array'; readonly items: readonly RespReply[] | null };

/** What a server may send before it is taken for something else than a RESP server. */
export interface ReplyLimits {
  readonly maxLineBytes: number;
  readonly maxBulkBytes: number;
  /** Items of one array. */
  readonly maxItems: number;
  /** Arrays within arrays. */
  readonly maxDepth: number;
}

export const defaultReplyLimits: ReplyLimits = {
  maxLineBytes: 64 << 10,
  maxBulkBytes: 64 << 20,
  maxItems: 1 << 16,
  maxDepth: 8,
};

/** The stream is not RESP2; nothing after this can be understood. */
export class ReplySyntaxError extends Error {
  override readonly name = 'ReplySyntaxError';
}

/**
 * Reads replies strictly: every digit, every CRLF and every bound is looked at, so that a harness
 * never takes a damaged answer for another one.
 */
export interface ReplyParser {
  push(chunk: Uint8Array): void;
  /** The next reply, or null when more bytes are needed. Throws `ReplySyntaxError`. */
  next(): RespReply | null;
  /** Nothing has come beyond the replies that were pulled. */
  isIdle(): boolean;
}

const carriageReturn = 13;
const lineFeed = 10;

interface Reading {
  readonly limits: ReplyLimits;
  readonly decode: DecodeBytes;
  readonly buffer: ByteBuffer;
  /** Arrays begun and not complete, the outermost first. */
  readonly open: { readonly items: RespReply[]; readonly count: number }[];
  /** Size of the bulk string that is awaited, once its header came. */
  bulkBytes: number | null;
  /** How many of the unused bytes were already searched for the end of a line. */
  searched: number;
}

/** `decode` makes byte strings of bytes. */
export function replyParser(
  decode: DecodeBytes,
  limits: ReplyLimits = defaultReplyLimits,
): ReplyParser {
  const buffer = byteBuffer();
  const reading: Reading = { limits, decode, buffer, open: [], bulkBytes: null, searched: 0 };
  return {
    push: (chunk) => buffer.append(chunk),
    next() {
      for (let reply = readOne(reading); reply !== null; reply = readOne(reading)) {
        const whole = reply === 'opened' ? null : close(reading, reply);
        if (whole !== null) return whole;
      }
      buffer.shrink();
      return null;
    },
    isIdle: () => buffer.length === 0 && reading.open.length === 0 && reading.bulkBytes === null,
  };
}

/** Puts a reply into the innermost open array; returns what is complete then, on the outside. */
function close({ open }: Reading, reply: RespReply): RespReply | null {
  let inner = reply;
  for (let array = open.at(-1); array !== undefined; array = open.at(-1)) {
    array.items.push(inner);
    if (array.items.length < array.count) return null;
    inner = { kind: 'array', items: array.items };
    open.pop();
  }
  return inner;
}

function readOne(reading: Reading): RespReply | 'opened' | null {
  if (reading.bulkBytes !== null) return readBulk(reading, reading.bulkBytes);
  const line = readLine(reading);
  if (line === null) return null;
  const rest = line.slice(1);
  switch (line[0]) {
    case '+':
      return { kind: 'status', text: rest };
    case '-':
      return { kind: 'error', text: rest };
    case ':':
      return { kind: 'integer', value: integer(rest) };
    case '$':
      if (rest === '-1') return { kind: 'bulk', value: null };
      reading.bulkBytes = size(rest, reading.limits.maxBulkBytes, 'a bulk length');
      return readBulk(reading, reading.bulkBytes);
    case '*':
      return openArray(reading, rest);
    default:
      throw new ReplySyntaxError(`expected a reply of type + - : $ or *, got ${quote(line)}`);
  }
}

function openArray({ limits, open }: Reading, text: string): RespReply | 'opened' {
  if (text === '-1') return { kind: 'array', items: null };
  const count = size(text, limits.maxItems, 'a number of items');
  if (count === 0) return { kind: 'array', items: [] };
  if (open.length >= limits.maxDepth) {
    throw new ReplySyntaxError(
      `expected at most ${limits.maxDepth} arrays in each other, got more`,
    );
  }
  open.push({ items: [], count });
  return 'opened';
}

function readBulk(reading: Reading, bulkBytes: number): RespReply | null {
  const { buffer, decode } = reading;
  if (buffer.length < bulkBytes + 2) return null;
  const { bytes, start } = buffer;
  const end = start + bulkBytes;
  if (bytes[end] !== carriageReturn || bytes[end + 1] !== lineFeed) {
    throw new ReplySyntaxError(`expected CRLF after ${bulkBytes} bytes of a bulk string`);
  }
  const value = decode(bytes, start, end);
  buffer.consume(bulkBytes + 2);
  reading.bulkBytes = null;
  return { kind: 'bulk', value };
}

/** Looks at no byte twice and at none beyond the limit, however slowly the line comes. */
function readLine(reading: Reading): string | null {
  const { buffer, limits, decode } = reading;
  const { bytes, start, end } = buffer;
  const limit = Math.min(end, start + limits.maxLineBytes + 2);
  let at = start + reading.searched;
  while (at < limit && bytes[at] !== lineFeed) at++;
  if (at === limit) {
    if (limit === start + limits.maxLineBytes + 2) {
      throw new ReplySyntaxError(`expected a line of at most ${limits.maxLineBytes} bytes`);
    }
    reading.searched = at - start;
    return null;
  }
  const line = decode(bytes, start, Math.max(start, at - 1));
  if (at === start || bytes[at - 1] !== carriageReturn || line.includes('\r')) {
    throw new ReplySyntaxError(`expected CRLF once, at the end of ${quote(line)}`);
  }
  buffer.consume(at + 1 - start);
  reading.searched = 0;
  return line;
}

function integer(text: string): number {
  const value = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new ReplySyntaxError(`expected an integer within 2^53, got ${quote(text)}`);
}

function size(text: string, most: number, what: string): number {
  const value = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new ReplySyntaxError(`expected ${what} of 0 to ${most}, got ${quote(text)}`);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
