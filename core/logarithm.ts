/**
 * The natural logarithm of a number above 0, by additions, multiplications and divisions alone, which
 * IEEE 754 defines to the last bit. `Math.log` may differ in that bit from one engine to the next
 * (ECMA-262, "implementation-approximated"), and a run would then depend on the version of Node.js.
 */
export function logarithm(value: number): number {
  if (!(value > 0 && value < Infinity)) {
    throw new Error(`expected a finite number above 0, got ${value}`);
  }
  let mantissa = value;
  let exponent = 0;
  for (; mantissa < rootOfHalf; mantissa *= 2) exponent--;
  for (; mantissa >= 2 * rootOfHalf; mantissa /= 2) exponent++;
  return exponent * logarithmOf2 + nearOne(mantissa);
}

const logarithmOf2 = 0.693_147_180_559_945_3;
const rootOfHalf = 0.707_106_781_186_547_6;

/** log m = 2 artanh s with s = (m - 1) / (m + 1): for m within a root of 2 of 1, s² is below 0.03. */
function nearOne(mantissa: number): number {
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let divisor = lastDivisor; divisor >= 1; divisor -= 2) sum = sum * square + 1 / divisor;
  return 2 * s * sum;
}

/** What is left out is below 0.03 to the 12th, less than the last bit. */
const lastDivisor = 23;
