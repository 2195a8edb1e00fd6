/**
 * Room for whole numbers while a history is taken apart. What is large is asked for as shared memory,
 * though nobody shares it: V8 counts all other memory of arrays, and what two columns of a million events
 * take would have it collect the whole history, which is not going away. Small ones are not worth it.
 */
export function scratch(length: number, filledWith: number): Int32Array {
  const bytes = Int32Array.BYTES_PER_ELEMENT * length;
  const memory = length < fewest ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
  return new Int32Array(memory).fill(filledWith);
}

const fewest = 2 ** 18;
