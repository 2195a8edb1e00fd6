import { byteCodec } from '../host/byte-codec.ts';
import type { Codec } from '../host/loop.ts';

/** A message on its way between two machines: a copy of its own, that nobody else sees. */
export interface Parcel {
  readonly message: unknown;
}

/** One message in so many goes through bytes. A prime, so that each kind has its turn. */
const messagesPerEncoding = 61;

/**
 * Copies messages instead of encoding and decoding each, which would take longer than all that the
 * protocol does with them. What comes out is the same either way.
 */
export function parcelCodec(): Codec<Parcel> {
  let sent = 0;
  return {
    encode(message) {
      const goesThroughBytes = sent++ % messagesPerEncoding === 0;
      return { message: goesThroughBytes ? readBack(message) : copyOf(message) };
    },
    decode: ({ message }) => message,
  };
}

/** For what is delivered twice: whoever got the first may change it. */
export function duplicateOf({ message }: Parcel): Parcel {
  return { message: copyOf(message) };
}

function readBack(message: unknown): unknown {
  return byteCodec.decode(byteCodec.encode(message));
}

/** Copies plain data. Throws on all else, which would not come out of a socket as it went in. */
function copyOf(value: unknown): unknown {
  if (isScalar(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    const got = Object.prototype.toString.call(value);
    throw new Error(`expected plain data in a message, got ${got}`);
  }
  const parts = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name in parts) {
    if (name === '__proto__') throw new Error('expected plain data in a message, got __proto__');
    const part = parts[name];
    copy[name] = isScalar(part) ? part : copyOf(part);
  }
  return copy;
}

function isScalar(value: unknown): boolean {
  if (value === null) return true;
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'undefined';
}
