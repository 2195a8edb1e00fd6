/**
 * CRC-32C (Castagnoli; RFC 3720 appendix B.4), sliced by 8 after Kounavis and Berry, "Novel Table
 * Lookup-Based Algorithms for High-Performance CRC Generation" (2008). `node:zlib` has only the
 * other polynomial.
 *
 * Pass the sum of what came before as `previous` to go on with the bytes that follow it.
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  let at = 0;
  const sliced = bytes.length - (bytes.length % 8);
  while (at < sliced) {
    const low = crc ^ word(bytes, at);
    const high = word(bytes, at + 4);
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24);
    at += 8;
  }
  while (at < bytes.length) crc = (crc >>> 8) ^ entry(0, crc ^ (bytes[at++] ?? 0));
  return ~crc >>> 0;
}

/** Castagnoli's polynomial with its bits reversed. */
const polynomial = 0x82f63b78;

/** Eight tables of 256, one after the other: the k-th holds the effect of a byte k bytes earlier. */
const tables = makeTables();

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    made[byte] = crc;
  }
  for (let at = 256; at < made.length; at++) {
    const earlier = made[at - 256] ?? 0;
    made[at] = (earlier >>> 8) ^ (made[earlier & 0xff] ?? 0);
  }
  return made;
}

function entry(table: number, byte: number): number {
  return tables[(table << 8) | (byte & 0xff)] ?? 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}
