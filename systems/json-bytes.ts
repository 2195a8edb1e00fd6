import type { Json } from '../core/json.ts';

/**
 * How values stand in a store: as JSON text in UTF-8. A number is its own JSON text, so that `incr`
 * counts what `write` wrote. Byte strings have one character a byte.
 */
export function bytesOfJson(value: Json): string {
  return toBytes(JSON.stringify(value));
}

export function bytesOfKey(key: string | number): string {
  return toBytes(String(key));
}

/**
 * What `append` adds: a line of JSON. No JSON text of ours has a line break in it, so a value that
 * ends with one is the list of all that was appended.
 */
export function bytesOfAppended(value: Json): string {
  return `${bytesOfJson(value)}\n`;
}

/**
 * The value of bytes that were read. Bytes that no client can have written are shown as they are:
 * hiding a damaged value would acquit the store that returned it.
 */
export function jsonOfBytes(bytes: string): Json {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  try {
    if (!text.endsWith('\n')) return JSON.parse(text) as Json;
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
  } catch {
    return { unreadable: bytes };
  }
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
