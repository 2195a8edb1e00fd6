/**
 * Bytes that have come in and are not used yet. Appending is amortised linear, so that a sender of
 * single bytes costs no more than a sender of large chunks; and what little is left over never keeps
 * a large chunk alive.
 */
export interface ByteBuffer {
  /** The store; valid between `start` and `end`, and only until the next call. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Unused bytes. */
  readonly length: number;
  /** Memory held. */
  readonly capacity: number;
  append(chunk: Uint8Array): void;
  /** Marks the first `count` unused bytes as used. */
  consume(count: number): void;
  /** Copies what is unused out of a much larger store. Call it when nothing more can be parsed. */
  shrink(): void;
}

const nothing = new Uint8Array(0);

/** `allocate` makes the store: by default zeroed, as `Uint8Array` is. */
export function byteBuffer(
  allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): ByteBuffer {
  let bytes: Uint8Array = nothing;
  let start = 0;
  let end = 0;

  const moveTo = (store: Uint8Array): void => {
    store.set(bytes.subarray(start, end));
    end -= start;
    start = 0;
    bytes = store;
  };

  return {
    get bytes() {
      return bytes;
    },
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    get length() {
      return end - start;
    },
    get capacity() {
      return bytes.length;
    },
    append(chunk) {
      if (start === end) {
        bytes = chunk;
        start = 0;
        end = chunk.length;
        return;
      }
      const needed = end - start + chunk.length;
      // A chunk taken over from the caller is exactly full, so this never writes into foreign memory.
      if (end + chunk.length > bytes.length) moveTo(allocate(Math.max(64, needed * 2)));
      bytes.set(chunk, end);
      end += chunk.length;
    },
    consume(count) {
      start += count;
      if (start === end) {
        bytes = nothing;
        start = end = 0;
      }
    },
    shrink() {
      if ((end - start) * 4 < bytes.length) moveTo(allocate(end - start));
    },
  };
}
