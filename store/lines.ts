import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';

/** Large enough that a call to the system costs nothing beside the bytes, small enough to keep. */
const chunkBytes = 1 << 18;

/** A file that holds something other than UTF-8 text: says where, and what stands there. */
export class NotText extends Error {
  override readonly name = 'NotText';
}

export interface ReadingOptions {
  /** What to call the file in messages, where its path would mean nothing to anybody. */
  readonly name?: string;
  /** Called with the number of bytes of each chunk, as it is read. */
  readonly onBytes?: (count: number) => void;
}

/**
 * A file's text in chunks, read as they are asked for: a history may be larger than memory. A byte
 * order mark is left out. Bytes that are not UTF-8 throw `NotText`: replaced by a stand-in, two values
 * that differ would look the same. The file is closed when the reader stops, early or at the end.
 */
export function* textChunks(
  path: string,
  { name = path, onBytes }: ReadingOptions = {},
): Generator<string> {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let offset = 0;
  let held = 0;
  try {
    for (;;) {
      const read = readSync(file, buffer, held, chunkBytes - held, null);
      onBytes?.(read);
      const end = held + read;
      if (end === 0) return;
      const whole = read === 0 ? end : end - bytesOfCutCharacter(buffer.subarray(0, end));
      const bytes = buffer.subarray(0, whole);
      if (!isUtf8(bytes)) throw notText({ path, name }, offset, bytes);
      const text = bytes.toString('utf8');
      if (text !== '') yield offset === 0 && text.startsWith('\uFEFF') ? text.slice(1) : text;
      buffer.copyWithin(0, whole, end);
      held = end - whole;
      offset += whole;
    }
  } finally {
    closeSync(file);
  }
}

/** How many bytes at the end are the beginning of a character whose rest is still to be read. */
function bytesOfCutCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    const isContinuation = byte >= 0x80 && byte < 0xc0;
    if (isContinuation) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

function notText(
  { path, name }: { readonly path: string; readonly name: string },
  offset: number,
  bytes: Uint8Array,
): NotText {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const piece = bytes.subarray(0, middle);
    if (isUtf8(piece.subarray(0, middle - bytesOfCutCharacter(piece)))) good = middle;
    else bad = middle;
  }
  // The search ends on the byte that shows the damage; the character it belongs to began earlier.
  const at = Math.max(0, good - bytesOfCutCharacter(bytes.subarray(0, good)));
  const hex = [...bytes.subarray(at, at + 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  const line = lineAt(path, offset + at);
  return new NotText(
    `${name}:${String(line)}: expected UTF-8 text, got the bytes ${hex.join(' ')} at byte ${String(offset + at)}; ` +
      'is this a history, and was it copied whole?',
  );
}

/** Counted only when something went wrong, so that nothing is counted when all goes well. */
function lineAt(path: string, offset: number): number {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let line = 1;
  try {
    for (let at = 0; at < offset; at += chunkBytes) {
      const read = readSync(file, buffer, 0, Math.min(chunkBytes, offset - at), at);
      for (let next = 0; next < read; next++) if (buffer[next] === 0x0a) line++;
    }
  } finally {
    closeSync(file);
  }
  return line;
}
