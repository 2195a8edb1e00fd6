/** A bulk string where it lies: its value, null for the absent one, and where it ends. */
export interface Bulk {
  readonly value: string | null;
  readonly end: number;
}

const [carriageReturn, lineFeed, dollar, minus, zero] = [13, 10, 0x24, 0x2d, 0x30];

/** What `isOkAt` sees takes so many bytes. */
export const okBytes = 5;

/** Whether `+OK\r\n` stands there. What lies beyond `until` is another answer's. */
export function isOkAt(bytes: Uint8Array, from: number, until: number): boolean {
  return (
    from + okBytes <= until &&
    bytes[from] === 0x2b &&
    bytes[from + 1] === 0x4f &&
    bytes[from + 2] === 0x4b &&
    bytes[from + 3] === carriageReturn &&
    bytes[from + 4] === lineFeed
  );
}

/** The bulk string that stands there as a whole; undefined for anything else, which is for a strict parser. */
export function bulkAt(bytes: Buffer, from: number, until: number): Bulk | undefined {
  if (bytes[from] !== dollar) return undefined;
  if (bytes[from + 1] === minus) {
    const end = from + 5;
    const isAbsence = end <= until && bytes.toString('latin1', from + 1, end) === '-1\r\n';
    return isAbsence ? { value: null, end } : undefined;
  }
  let at = from + 1;
  let size = 0;
  for (; at < from + 10; at++) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    size = size * 10 + digit;
  }
  const start = at + 2;
  const end = start + size + 2;
  const isPlain = at > from + 1 && (at === from + 2 || bytes[from + 1] !== zero);
  const isWhole =
    end <= until &&
    bytes[at] === carriageReturn &&
    bytes[at + 1] === lineFeed &&
    bytes[end - 2] === carriageReturn &&
    bytes[end - 1] === lineFeed;
  return isPlain && isWhole ? { value: bytes.toString('latin1', start, end - 2), end } : undefined;
}
