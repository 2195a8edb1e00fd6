import { type ByteBuffer, byteBuffer } from './frame-buffer.ts';

/** What a client may send before it is cut off. */
export interface RequestLimits {
  readonly maxArguments: number;
  readonly maxBulkBytes: number;
  /** All arguments of one request together. */
  readonly maxRequestBytes: number;
  readonly maxInlineBytes: number;
}

export const defaultRequestLimits: RequestLimits = {
  maxArguments: 1024,
  maxBulkBytes: 1 << 20,
  maxRequestBytes: 2 << 20,
  maxInlineBytes: 64 << 10,
};

/** The stream is not RESP; nothing after this can be understood. Its message is for the client. */
export class RequestSyntaxError extends Error {
  override readonly name = 'RequestSyntaxError';
}

/**
 * Requests as Redis takes them: RESP2 arrays of bulk strings, and inline commands. Pulled, not
 * pushed, so that a server under load stops pulling and then stops reading.
 */
export interface RequestParser {
  push(chunk: Uint8Array): void;
  /**
   * The next request's arguments (at least one) as byte strings, or null when more bytes are needed.
   * Throws `RequestSyntaxError`.
   */
  next(): readonly string[] | null;
  /** Whether a part of a request has come, and the rest is awaited. */
  readonly isPartial: boolean;
  /** Memory held for what has come and is not pulled yet. */
  readonly heldBytes: number;
}

export type DecodeBytes = (bytes: Uint8Array, start: number, end: number) => string;

const carriageReturn = 13;
const lineFeed = 10;
const asterisk = 0x2a;
const dollar = 0x24;
/** Enough for any count that is allowed, with its sign. */
const maxHeaderBytes = 32;

/** What has come of the request that is being read. */
interface Reading {
  readonly limits: RequestLimits;
  readonly decode: DecodeBytes;
  readonly buffer: ByteBuffer;
  argumentsLeft: number;
  collected: string[];
  collectedBytes: number;
  /** Size of the bulk string that is awaited, once its header came. */
  bulkBytes: number | null;
  /** How many of the unused bytes were already searched for the end of a line. */
  searched: number;
}

/** `decode` makes byte strings; hosts pass a native one. */
export function requestParser(
  limits: RequestLimits = defaultRequestLimits,
  decode: DecodeBytes = decodeBytes,
): RequestParser {
  const buffer = byteBuffer();
  const reading: Reading = {
    limits,
    decode,
    buffer,
    argumentsLeft: 0,
    collected: [],
    collectedBytes: 0,
    bulkBytes: null,
    searched: 0,
  };
  return {
    push: (chunk) => buffer.append(chunk),
    next() {
      while (advance(reading)) {
        if (reading.argumentsLeft > 0 || reading.collected.length === 0) continue;
        const request = reading.collected;
        reading.collected = [];
        reading.collectedBytes = 0;
        return request;
      }
      buffer.shrink();
      return null;
    },
    get isPartial() {
      return buffer.length > 0 || reading.argumentsLeft > 0;
    },
    get heldBytes() {
      return buffer.capacity + reading.collectedBytes;
    },
  };
}

/** Reads one line or one bulk string; false when more bytes are needed. */
function advance(reading: Reading): boolean {
  if (reading.buffer.length === 0) return false;
  if (reading.argumentsLeft > 0) {
    return reading.bulkBytes === null ? readBulkHeader(reading) : readBulk(reading);
  }
  return firstByte(reading) === asterisk ? readHeader(reading) : readInline(reading);
}

function readHeader(reading: Reading): boolean {
  const header = readLine(reading, maxHeaderBytes, 'too big mbulk count string');
  if (header === null) return false;
  const count = integerOf(header.slice(1));
  if (count === null || count > reading.limits.maxArguments) {
    throw new RequestSyntaxError('invalid multibulk length');
  }
  reading.argumentsLeft = Math.max(0, count);
  return true;
}

function readInline(reading: Reading): boolean {
  const text = readLine(reading, reading.limits.maxInlineBytes, 'too big inline request');
  if (text === null) return false;
  reading.collected = splitInline(text, reading.limits.maxArguments);
  return true;
}

function readBulkHeader(reading: Reading): boolean {
  const first = firstByte(reading);
  if (first !== dollar) throw new RequestSyntaxError(`expected '$', got '${printable(first)}'`);
  const header = readLine(reading, maxHeaderBytes, 'too big bulk count string');
  if (header === null) return false;
  const { maxBulkBytes, maxRequestBytes } = reading.limits;
  const size = integerOf(header.slice(1));
  if (size === null || size < 0 || size > maxBulkBytes) {
    throw new RequestSyntaxError('invalid bulk length');
  }
  if (reading.collectedBytes + size > maxRequestBytes) {
    throw new RequestSyntaxError(`request of more than ${maxRequestBytes} bytes`);
  }
  reading.bulkBytes = size;
  return true;
}

function readBulk(reading: Reading): boolean {
  const { buffer, decode } = reading;
  const size = reading.bulkBytes ?? 0;
  if (buffer.length < size + 2) return false;
  const { bytes, start } = buffer;
  if (bytes[start + size] !== carriageReturn || bytes[start + size + 1] !== lineFeed) {
    throw new RequestSyntaxError('expected CRLF after a bulk string');
  }
  reading.collected.push(decode(bytes, start, start + size));
  reading.collectedBytes += size;
  buffer.consume(size + 2);
  reading.bulkBytes = null;
  reading.argumentsLeft--;
  return true;
}

/** Looks at no byte twice and at none beyond the limit, however slowly the line comes. */
function readLine(reading: Reading, maxBytes: number, tooLong: string): string | null {
  const { bytes, start, end } = reading.buffer;
  const limit = Math.min(end, start + maxBytes + 2);
  let at = start + reading.searched;
  while (at < limit && bytes[at] !== lineFeed) at++;
  if (at === limit) {
    if (limit < end || limit === start + maxBytes + 2) throw new RequestSyntaxError(tooLong);
    reading.searched = at - start;
    return null;
  }
  const stop = at > start && bytes[at - 1] === carriageReturn ? at - 1 : at;
  const text = reading.decode(bytes, start, stop);
  reading.buffer.consume(at + 1 - start);
  reading.searched = 0;
  return text;
}

function firstByte(reading: Reading): number {
  return reading.buffer.bytes[reading.buffer.start] ?? 0;
}

function integerOf(text: string): number | null {
  return /^-?\d{1,18}$/.test(text) ? Number(text) : null;
}

function printable(byte: number): string {
  return byte > 32 && byte < 127 ? String.fromCharCode(byte) : '?';
}

/** Without Node.js at hand; `TextDecoder` knows no Latin-1, its `latin1` is windows-1252. */
function decodeBytes(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)));
  }
  return text;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  a: '\x07',
};

/** Words of an inline command; quotes as in redis-cli: `"…"` with escapes, `'…'` with `\'` only. */
function splitInline(text: string, maxWords: number): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text, at)) at++;
    if (at >= text.length) return words;
    if (words.length >= maxWords) throw new RequestSyntaxError('too many words in inline request');
    const word = readWord(text, at);
    words.push(word.value);
    at = word.end;
  }
}

interface Word {
  readonly value: string;
  readonly end: number;
}

function readWord(text: string, from: number): Word {
  const parts: string[] = [];
  let at = from;
  while (at < text.length && !isSpace(text, at)) {
    const char = text.charAt(at);
    if (char !== '"' && char !== "'") {
      parts.push(char);
      at++;
      continue;
    }
    const quoted = readQuoted(text, at);
    if (quoted.end < text.length && !isSpace(text, quoted.end)) throw unbalanced();
    parts.push(quoted.value);
    at = quoted.end;
  }
  return { value: parts.join(''), end: at };
}

function readQuoted(text: string, from: number): Word {
  const quote = text.charAt(from);
  const parts: string[] = [];
  let at = from + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === quote) return { value: parts.join(''), end: at + 1 };
    const escape = char === '\\' ? readEscape(text, at, quote) : null;
    parts.push(escape?.value ?? char);
    at = escape?.end ?? at + 1;
  }
  throw unbalanced();
}

function readEscape(text: string, at: number, quote: string): Word | null {
  const next = text.charAt(at + 1);
  if (quote === "'") return next === "'" ? { value: "'", end: at + 2 } : null;
  const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(at + 1, at + 4));
  if (hex?.[1] !== undefined) {
    return { value: String.fromCharCode(parseInt(hex[1], 16)), end: at + 4 };
  }
  return next === '' ? null : { value: escapes[next] ?? next, end: at + 2 };
}

function isSpace(text: string, at: number): boolean {
  return ' \t\r\n\v\f\0'.includes(text.charAt(at));
}

function unbalanced(): RequestSyntaxError {
  return new RequestSyntaxError('unbalanced quotes in request');
}
