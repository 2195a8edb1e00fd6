/** Values by number: all different, all of one length, and recognisable in every byte. */
export interface Values {
  /** The text for a number. */
  readonly textOf: (number: number) => string;
  /** The number of a text, or -2 where no client can have written it. */
  readonly numberOf: (text: string) => number;
}

/** Room for a number of 2^53 and the mark that ends it. */
export const leastValueBytes = 12;

/**
 * A value is its number in base 36, a colon, and padding up to the length: so every write is unique, as
 * the checker wants it, and a value that was cut, mixed or damaged anywhere is noticed when it is read.
 */
export function valuesOf(bytes: number): Values {
  if (!(bytes >= leastValueBytes)) {
    throw new Error(
      `expected values of at least ${leastValueBytes} bytes, so that all writes can be different; got ${bytes}`,
    );
  }
  const paddings = Array.from({ length: leastValueBytes }, (_, digits) => paddingOf(bytes, digits));
  return {
    textOf(number) {
      const digits = number.toString(36);
      return digits + (paddings[digits.length] ?? '');
    },
    numberOf(text) {
      const end = text.indexOf(':');
      if (text.length !== bytes || end < 1 || end >= leastValueBytes) return unknown;
      const number = parseInt(text, 36);
      const isWhole = Number.isSafeInteger(number) && number >= 0;
      const isPlain = isWhole && number.toString(36) === text.slice(0, end);
      return isPlain && text.endsWith(paddings[end] ?? '') ? number : unknown;
    },
  };
}

const unknown = -2;

/** Not one letter repeated: a shift by a few bytes has to show. */
const pattern = 'abcdefghijklmnopqrstuvwxyz0123456789';

function paddingOf(bytes: number, digits: number): string {
  const length = bytes - digits - 1;
  return `:${pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length)}`;
}
