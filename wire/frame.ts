import { byteBuffer } from './frame-buffer.ts';

/** Frames on a stream: the payload's length in 4 bytes, big end first, then the payload. */
export const frameHeaderBytes = 4;

/** One frame with the parts one after the other as its payload. */
export function frameOf(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = new Uint8Array(frameHeaderBytes + length);
  new DataView(frame.buffer).setUint32(0, length);
  let at = frameHeaderBytes;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

export interface FrameReader {
  push(chunk: Uint8Array): void;
  /**
   * The next whole payload, valid until the next call, or null when more bytes are needed. Throws
   * where a frame is declared larger than allowed; the stream is of no use after that.
   */
  next(): Uint8Array | null;
  /** Allows another size from the next frame on. */
  limit(maxPayloadBytes: number): void;
  /** Memory held for frames that are not whole yet. */
  readonly heldBytes: number;
}

/** Memory grows with the bytes that came, never with the length that a header promises. */
export function frameReader(maxPayloadBytes: number): FrameReader {
  let limitBytes = maxPayloadBytes;
  const buffer = byteBuffer();

  const declaredLength = (): number | null => {
    if (buffer.length < frameHeaderBytes) return null;
    const { bytes, start } = buffer;
    const low = (byteAt(bytes, start + 1) << 16) | (byteAt(bytes, start + 2) << 8);
    return byteAt(bytes, start) * 2 ** 24 + (low | byteAt(bytes, start + 3));
  };

  return {
    push: (chunk) => buffer.append(chunk),
    next() {
      const length = declaredLength();
      if (length !== null && length > limitBytes) {
        throw new Error(`expected frames of at most ${limitBytes} bytes, got one of ${length}`);
      }
      if (length === null || buffer.length < frameHeaderBytes + length) {
        buffer.shrink();
        return null;
      }
      const from = buffer.start + frameHeaderBytes;
      const payload = buffer.bytes.subarray(from, from + length);
      buffer.consume(frameHeaderBytes + length);
      return payload;
    },
    limit(bytes) {
      limitBytes = bytes;
    },
    get heldBytes() {
      return buffer.capacity;
    },
  };
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
