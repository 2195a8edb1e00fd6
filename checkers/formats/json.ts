import type { Json } from '../../core/json.ts';

/**
 * JSON as plain data; undefined when it is none, which JSON itself cannot say. Whole numbers that a
 * double would round become texts, as in EDN: otherwise two values that differ would look the same.
 */
export function parseJson(text: string): Json | undefined {
  try {
    if (!longNumber.test(text)) return JSON.parse(text) as Json;
    const value = JSON.parse(text, withoutRounding) as Json;
    if (typeof value === 'object' && value !== null) roundTimes(value as Record<string, Json>);
    return value;
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
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  const isWhole = source !== undefined && /^-?\d+$/.test(source);
  return isWhole && String(value) !== source ? source : value;
}

/** A time in nanoseconds since 1970 has nineteen digits, and loses nothing that matters. */
const times = ['time', 'due', 'timeNs', 'dueNs'] as const;

function roundTimes(event: Record<string, Json>): void {
  for (const name of times) {
    const time = event[name];
    if (typeof time === 'string' && /^-?\d+$/.test(time)) event[name] = Number(time);
  }
}
