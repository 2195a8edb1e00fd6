/** Bytes of unsigned integers, seven bits in each, the lowest first; the top bit says that more follow. */
export function varintsInto() {
  let bytes = new Uint8Array(4096);
  let length = 0;
  return {
    /** Whole, not negative and below 2^53. */
    add(value: number): void {
      if (length + 8 > bytes.length) {
        const larger = new Uint8Array(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      let rest = value;
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[length++] = (rest % 0x80) | 0x80;
      bytes[length++] = rest;
    },
    finish: () => bytes.subarray(0, length),
  };
}
