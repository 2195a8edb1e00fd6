/** Takes full buffers as they come; they are not touched afterwards. */
export type TakeBytes = (bytes: Uint8Array) => void;

/** Puts bytes and numbers one after the other into buffers, and hands each over when it is full. */
export interface ByteWriter {
  /** Sees to it that so many bytes fit into the buffer at hand. */
  reserve(bytes: number): void;
  byte(value: number): void;
  /** A whole number from 0 to 2^53, as LEB128: seven bits a byte, the lowest first. */
  number(value: number): void;
  text(bytes: Uint8Array): void;
  flush(): void;
}

const bufferBytes = 64 << 10;

export function byteWriter(take: TakeBytes): ByteWriter {
  let buffer = Buffer.allocUnsafeSlow(bufferBytes);
  let at = 0;
  const flush = (): void => {
    if (at === 0) return;
    take(buffer.subarray(0, at));
    buffer = Buffer.allocUnsafeSlow(bufferBytes);
    at = 0;
  };
  return {
    reserve: (bytes) => {
      if (at + bytes > bufferBytes) flush();
    },
    byte: (value) => {
      buffer[at++] = value;
    },
    number(value) {
      let rest = value;
      // Bit operations end at 32 bits.
      while (rest >= 0x80000000) {
        buffer[at++] = (rest % 0x80) | 0x80;
        rest = Math.floor(rest / 0x80);
      }
      while (rest >= 0x80) {
        buffer[at++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      buffer[at++] = rest;
    },
    text: (bytes) => {
      buffer.set(bytes, at);
      at += bytes.length;
    },
    flush,
  };
}
