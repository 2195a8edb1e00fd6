import type { Json } from '../../core/json.ts';

/**
 * JSON as plain data; undefined when it is none, which JSON itself cannot say. Whole numbers that a
 * double would round become texts, as in EDN: otherwise two values that differ would look the same.
 */
export function parseJson(text: string): Json | undefined {
  try {
    return longNumber.test(text)
      ? (JSON.parse(text, withoutRounding) as Json)
      : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** Sixteen digits are the least that a whole number needs to be beyond 2^53. */
const longNumber = /\d{16}/;

/**
 * The source of a number is known to a reviver alone. Each double stays a number for one source, the one
 * that JavaScript itself writes, so that no two sources become the same.
 */
function withoutRounding(
  key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || isTime.has(key)) return value;
  const source = context?.source;
  const isWhole = source !== undefined && /^-?\d+$/.test(source);
  return isWhole && String(value) !== source ? source : value;
}

/** A time in nanoseconds since 1970 has nineteen digits, and loses nothing that matters. */
const isTime: ReadonlySet<string> = new Set(['time', 'due']);
