import { Packr } from 'msgpackr';

/**
 * Plain data as MessagePack: nil, booleans, numbers, strings, arrays, maps with string keys, and
 * `undefined`. Byte strings (one character a byte) pass through unchanged. No key may be `__proto__`:
 * it comes back under another name, so that nobody can set a prototype.
 */
const packr = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

export function encodePayload(value: unknown): Uint8Array {
  return packr.pack(value);
}

/** For bytes that this program wrote itself; see `decodeForeign` for all others. */
export function decodePayload(bytes: Uint8Array): unknown {
  return packr.unpack(bytes) as unknown;
}

/** Nesting beyond this is no message of any protocol, and would spend the decoder's stack. */
const maxDepth = 64;

/**
 * For bytes from a stranger. Their structure is walked first, so that the decoder, which knows
 * extensions that keep state and allocates by declared lengths, only ever sees plain data that is
 * all there. Throws, saying where, on anything else.
 */
export function decodeForeign(bytes: Uint8Array): unknown {
  const end = skipValue(bytes, 0, 0);
  if (end !== bytes.length) fail(`the end at byte ${bytes.length}`, `a value's end at ${end}`);
  return decodePayload(bytes);
}

function fail(expected: string, got: string): never {
  throw new Error(`expected ${expected} of the payload, got ${got}`);
}

interface Sizes {
  /** Bytes that the length or number takes after the tag. */
  readonly width: number;
  readonly shape: 'plain' | 'bytes' | 'array' | 'map';
}

/** Tags 0xc0 to 0xdf by the MessagePack specification; binary and extensions are not plain data. */
const tags: Readonly<Record<number, Sizes>> = {
  0xc0: { width: 0, shape: 'plain' },
  0xc2: { width: 0, shape: 'plain' },
  0xc3: { width: 0, shape: 'plain' },
  0xca: { width: 4, shape: 'plain' },
  0xcb: { width: 8, shape: 'plain' },
  0xcc: { width: 1, shape: 'plain' },
  0xcd: { width: 2, shape: 'plain' },
  0xce: { width: 4, shape: 'plain' },
  0xcf: { width: 8, shape: 'plain' },
  0xd0: { width: 1, shape: 'plain' },
  0xd1: { width: 2, shape: 'plain' },
  0xd2: { width: 4, shape: 'plain' },
  0xd3: { width: 8, shape: 'plain' },
  0xd9: { width: 1, shape: 'bytes' },
  0xda: { width: 2, shape: 'bytes' },
  0xdb: { width: 4, shape: 'bytes' },
  0xdc: { width: 2, shape: 'array' },
  0xdd: { width: 4, shape: 'array' },
  0xde: { width: 2, shape: 'map' },
  0xdf: { width: 4, shape: 'map' },
};

/** `undefined`, as msgpackr writes it: a one-byte extension of type 0. */
const undefinedTag = 0xd4;

function skipValue(bytes: Uint8Array, at: number, depth: number): number {
  const tag = bytes[at];
  if (tag === undefined) fail(`a value at byte ${at}`, `the end`);
  if (tag < 0x80 || tag >= 0xe0) return at + 1;
  if (tag < 0x90) return skipEntries(bytes, at + 1, tag & 0x0f, depth);
  if (tag < 0xa0) return skipItems(bytes, at + 1, tag & 0x0f, depth);
  if (tag < 0xc0) return skipBytes(bytes, at + 1, tag & 0x1f);
  if (tag === undefinedTag && bytes[at + 1] === 0) return skipBytes(bytes, at + 1, 2);
  const sizes = tags[tag];
  if (sizes === undefined) fail(`plain data at byte ${at}`, `tag 0x${tag.toString(16)}`);
  const after = skipBytes(bytes, at + 1, sizes.width);
  if (sizes.shape === 'plain') return after;
  const count = readCount(bytes, at + 1, sizes.width);
  if (sizes.shape === 'bytes') return skipBytes(bytes, after, count);
  if (sizes.shape === 'array') return skipItems(bytes, after, count, depth);
  return skipEntries(bytes, after, count, depth);
}

function readCount(bytes: Uint8Array, at: number, width: number): number {
  let count = 0;
  for (let each = 0; each < width; each++) count = count * 256 + (bytes[at + each] ?? 0);
  return count;
}

function skipBytes(bytes: Uint8Array, at: number, count: number): number {
  if (at + count > bytes.length) fail(`${count} bytes at byte ${at}`, `${bytes.length - at}`);
  return at + count;
}

function skipItems(bytes: Uint8Array, at: number, count: number, depth: number): number {
  if (depth >= maxDepth) fail(`at most ${maxDepth} levels`, `more at byte ${at}`);
  let after = at;
  for (let each = 0; each < count; each++) after = skipValue(bytes, after, depth + 1);
  return after;
}

function skipEntries(bytes: Uint8Array, at: number, count: number, depth: number): number {
  if (depth >= maxDepth) fail(`at most ${maxDepth} levels`, `more at byte ${at}`);
  let after = at;
  for (let each = 0; each < count; each++) {
    const tag = bytes[after] ?? 0;
    const isString = (tag >= 0xa0 && tag < 0xc0) || (tag >= 0xd9 && tag <= 0xdb);
    if (!isString) fail(`a string as key at byte ${after}`, `tag 0x${tag.toString(16)}`);
    after = skipValue(bytes, skipValue(bytes, after, depth), depth + 1);
  }
  return after;
}
