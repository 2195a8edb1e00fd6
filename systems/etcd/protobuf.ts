/**
 * As much of Protocol Buffers' wire format as etcd's API takes: varints, and fields of bytes (the page
 * "Encoding" of protobuf.dev). Written by hand because a generated client would cost more of a core
 * than etcd does, and would be what is measured.
 */

/** A field with its tag, ready to stand in a message. */
export type Field = Uint8Array;

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** The fields one after the other; that is all a message is. */
export function message(...fields: readonly Field[]): Uint8Array {
  return fields.length === 1 && fields[0] !== undefined ? fields[0] : Buffer.concat(fields);
}

/** Whole numbers from 0 to 2^53; booleans are 0 and 1. */
export function numberField(field: number, value: number): Field {
  const bytes: number[] = [];
  pushVarint(bytes, field * 8 + wireTypes.varint);
  pushVarint(bytes, value);
  return Uint8Array.from(bytes);
}

/** Bytes, or a message inside this one. Strings are byte strings, one character a byte. */
export function bytesField(field: number, value: string | Uint8Array): Field {
  const header: number[] = [];
  pushVarint(header, field * 8 + wireTypes.bytes);
  pushVarint(header, value.length);
  const made = Buffer.allocUnsafe(header.length + value.length);
  made.set(header);
  if (typeof value === 'string') made.write(value, header.length, 'latin1');
  else made.set(value, header.length);
  return made;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
}

/** A message that was read: each field's values in their order. Unknown ones are there as well. */
export interface ReadMessage {
  /** The last value of a number field, 0 where there is none; ids use all 64 bits. */
  bits(field: number): bigint;
  /** The same for what is below 2^53. */
  number(field: number): number;
  /** The last value of a bytes field; undefined where there is none. */
  bytes(field: number): Uint8Array | undefined;
  /** All values of a bytes field. */
  all(field: number): readonly Uint8Array[];
}

/** Throws, saying where, on what is no message. */
export function readMessage(from: Uint8Array): ReadMessage {
  const numbers = new Map<number, bigint>();
  const texts = new Map<number, Uint8Array[]>();
  const cursor: Cursor = { from, at: 0 };
  while (cursor.at < from.length) {
    const tag = Number(nextVarint(cursor));
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case wireTypes.varint:
        numbers.set(field, nextVarint(cursor));
        break;
      case wireTypes.bytes: {
        const value = nextBytes(cursor, Number(nextVarint(cursor)));
        const before = texts.get(field);
        if (before === undefined) texts.set(field, [value]);
        else before.push(value);
        break;
      }
      case wireTypes.fixed64:
        nextBytes(cursor, 8);
        break;
      case wireTypes.fixed32:
        nextBytes(cursor, 4);
        break;
      default:
        throw new Error(`expected a field of a known kind at byte ${cursor.at}, got tag ${tag}`);
    }
  }
  const bits = (field: number): bigint => numbers.get(field) ?? 0n;
  return {
    bits,
    number: (field) => Number(bits(field)),
    bytes: (field) => texts.get(field)?.at(-1),
    all: (field) => texts.get(field) ?? [],
  };
}

interface Cursor {
  readonly from: Uint8Array;
  at: number;
}

/** Ten bytes carry 64 bits. */
const mostVarintBytes = 10;

function nextVarint(cursor: Cursor): bigint {
  const { from, at } = cursor;
  let value = 0n;
  for (let each = 0; each < mostVarintBytes; each++) {
    const byte = from[at + each];
    if (byte === undefined) throw new Error(`expected a number at byte ${at}, got the end`);
    value |= BigInt(byte & 0x7f) << BigInt(7 * each);
    if (byte >= 0x80) continue;
    cursor.at = at + each + 1;
    return value;
  }
  throw new Error(`expected a number of at most ${mostVarintBytes} bytes at byte ${at}`);
}

function nextBytes(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > cursor.from.length) {
    throw new Error(`expected ${length} bytes at byte ${cursor.at}, got the end`);
  }
  const value = cursor.from.subarray(cursor.at, end);
  cursor.at = end;
  return value;
}
