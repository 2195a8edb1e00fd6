/**
 * Uniform draws in [0, 1) from sfc32 (Chris Doty-Humphrey, PractRand), seeded with the bare number. The
 * baseline of other checkers was measured on histories drawn this way, so neither the seeding nor the
 * order of the draws may change; `core/rng.ts` hashes a label into the seed and would draw others.
 */
export function drawsOf(seed: number): () => number {
  let a = seed >>> 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 15; round++) draw();
  return draw;
}

/** Exponentially distributed with mean 1. */
export function exponential(draw: () => number): number {
  return -Math.log(1 - draw());
}

/**
 * Draws keys 0 to `keys` - 1: all alike when `skew` is 0, else key k in proportion to 1 / (k + 1)^skew
 * (Zipf).
 */
export function keyDraws(draw: () => number, keys: number, skew: number): () => number {
  if (skew === 0) return () => Math.floor(draw() * keys);
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let key = 0; key < keys; key++) {
    sum += 1 / (key + 1) ** skew;
    cumulative[key] = sum;
  }
  for (let key = 0; key < keys; key++) cumulative[key] = (cumulative[key] ?? 0) / sum;
  return () => {
    const wanted = draw();
    let low = 0;
    let high = keys - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
