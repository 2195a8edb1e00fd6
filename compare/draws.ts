import type { Rng } from '../core/rng.ts';

/**
 * One resample of rounds: which rounds are drawn, and by how much each is moved. It is drawn once for
 * all figures of the same rounds, so that what moves together in them moves together in the resample.
 */
export interface Draws {
  /** Fills `into` with as many resampled values as there are; returns their mean. */
  apply(values: Float64Array, mean: number, into: Float64Array): number;
}

/**
 * A smoothed bootstrap (Silverman and Young 1987): a draw is a round plus 1/√n of how far another round
 * is from the mean, up or down. Few rounds drawn plainly come out all alike too often, and their
 * spread as nothing; so smoothed, the mean of n draws has the variance of the mean of n new rounds
 * (Hesterberg 2015, "What Teachers Should Know about the Bootstrap", on narrowness bias).
 */
export function drawsOf(rng: Rng, rounds: number): Draws {
  const centres = new Float64Array(rounds);
  const moves = new Float64Array(rounds);
  const signs = new Int8Array(rounds);
  for (let at = 0; at < rounds; at++) {
    centres[at] = rng.float();
    moves[at] = rng.float();
    signs[at] = rng.float() < 0.5 ? -1 : 1;
  }
  return {
    apply(values, mean, into) {
      const count = values.length;
      const width = 1 / Math.sqrt(count);
      let sum = 0;
      for (let at = 0; at < count; at++) {
        const centre = values[Math.floor((centres[at] ?? 0) * count)] ?? 0;
        const other = values[Math.floor((moves[at] ?? 0) * count)] ?? 0;
        const drawn = centre + (signs[at] ?? 1) * width * (other - mean);
        into[at] = drawn;
        sum += drawn;
      }
      return sum / count;
    },
  };
}

/** Close to a standard normal draw, with nothing but sums: the same on every machine (Irwin and Hall). */
export function normalDraw(rng: Rng): number {
  let sum = -6;
  for (let each = 0; each < 12; each++) sum += rng.float();
  return sum;
}
