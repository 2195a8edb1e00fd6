import { byteBuffer } from './frame-buffer.ts';

/** Frames on a stream: the payload's length in 4 bytes, big end first, then the payload. */
export const frameHeaderBytes = 4;

export function frameOf(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(frameHeaderBytes + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, frameHeaderBytes);
  return frame;
}

export interface FrameReader {
  /** Throws where a frame is declared larger than allowed; the stream is of no use after that. */
  push(chunk: Uint8Array): void;
  /** The next whole payload, valid until the next call, or null when more bytes are needed. */
  next(): Uint8Array | null;
  /** Memory held for frames that are not whole yet. */
  readonly heldBytes: number;
}

/** Memory grows with the bytes that came, never with the length that a header promises. */
export function frameReader(maxPayloadBytes: number): FrameReader {
  const buffer = byteBuffer();

  const declaredLength = (): number | null => {
    if (buffer.length < frameHeaderBytes) return null;
    const { bytes, start } = buffer;
    return new DataView(bytes.buffer, bytes.byteOffset + start, 4).getUint32(0);
  };

  const check = (): void => {
    const length = declaredLength();
    if (length !== null && length > maxPayloadBytes) {
      throw new Error(
        `expected frames of at most ${maxPayloadBytes} bytes, got one that declares ${length}`,
      );
    }
  };

  return {
    push(chunk) {
      buffer.append(chunk);
      check();
    },
    next() {
      const length = declaredLength();
      if (length === null || buffer.length < frameHeaderBytes + length) {
        buffer.shrink();
        return null;
      }
      check();
      const from = buffer.start + frameHeaderBytes;
      const payload = buffer.bytes.subarray(from, from + length);
      buffer.consume(frameHeaderBytes + length);
      return payload;
    },
    get heldBytes() {
      return buffer.capacity;
    },
  };
}
