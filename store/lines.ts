import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const chunkBytes = 1 << 16;

/**
 * A file's text in chunks, read as they are asked for: a history may be larger than memory. The file
 * is closed when the reader stops, early or at the end.
 */
export function* textChunks(path: string): Generator<string> {
  const file = openSync(path, 'r');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  try {
    for (;;) {
      const read = readSync(file, buffer, 0, chunkBytes, null);
      if (read === 0) break;
      const text = decoder.write(buffer.subarray(0, read));
      if (text !== '') yield text;
    }
    const rest = decoder.end();
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}
