import type { KeyChoice } from '../../core/bench.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import { cumulative, placeIn } from './cumulative.ts';

/** Chooses the key of the next operation. */
export interface KeySource {
  next(): number;
}

export interface KeySourceOptions {
  readonly choice: KeyChoice;
  /** The same for all threads: which keys are popular is of the whole round. */
  readonly seed: number;
  /** The thread's own. */
  readonly rng: Rng;
  /** How many keys there are now; inserts make them more. */
  readonly countNow: () => number;
}

/** Zipf's exponent, as YCSB has it. */
export const zipfExponent = 0.99;
/** This share of the operations is on that share of the keys. */
export const hotspot = { operations: 0.8, keys: 0.2 };
/**
 * So much of the operations falls on that share of the keys, the first ones most, as YCSB has it: of the
 * whole distribution, before what lies beyond the last key is drawn again.
 */
export const exponential = { operations: 0.95, keys: 0.8571428571 };

export type Distribution = KeyChoice['distribution'];

const makers: Readonly<Record<Distribution, (options: KeySourceOptions) => KeySource>> = {
  uniform: ({ choice, rng }) => ({ next: () => rng.int(0, choice.count - 1) }),
  zipf({ choice: { count }, seed, rng }) {
    const ranks = cumulative(count, (rank) => zipfWeight(rank));
    const keys = scattered(count, seed);
    return { next: () => keys[placeIn(ranks, rng.float())] ?? 0 };
  },
  latest({ choice: { count }, rng, countNow }) {
    const ranks = cumulative(count, (rank) => zipfWeight(rank));
    return { next: () => countNow() - 1 - placeIn(ranks, rng.float()) };
  },
  hotspot({ choice: { count }, rng }) {
    const hot = Math.max(1, Math.round(count * hotspot.keys));
    return {
      next: () =>
        hot === count || rng.float() < hotspot.operations
          ? rng.int(0, hot - 1)
          : rng.int(hot, count - 1),
    };
  },
  exponential({ choice: { count }, rng }) {
    const places = cumulative(count, (place) => exponentialWeight(place, count));
    return { next: () => placeIn(places, rng.float()) };
  },
};

export const distributions = Object.keys(makers) as readonly Distribution[];

/**
 * - `uniform`: every key alike.
 * - `zipf`: the key of rank r (from 0) has a share in proportion to 1 / (r + 1)^0.99, as in YCSB. Ranks
 *   are scattered over the keys by a permutation from the seed; YCSB scatters them by a hash, which
 *   lets some keys fall together and others out.
 * - `latest`: the same, the rank being the age of the key.
 * - `hotspot`: 80 % of the operations on the first 20 % of the keys, all alike within each part.
 * - `exponential`: shares fall off exponentially from key to key, so that 98 % of the operations are on
 *   the first 85.7 % of the keys.
 *
 * Keys that are inserted are reached by `latest` alone.
 */
export function keySource(options: KeySourceOptions): KeySource {
  return makers[options.choice.distribution](options);
}

export function zipfWeight(rank: number): number {
  return (rank + 1) ** -zipfExponent;
}

/** The part of an exponential distribution that falls on this key. */
export function exponentialWeight(place: number, count: number): number {
  const rate = -Math.log(1 - exponential.operations) / (count * exponential.keys);
  return Math.exp(-rate * place) - Math.exp(-rate * (place + 1));
}

/** Which key has which rank. */
export function scattered(count: number, seed: number): Uint32Array {
  const rng = rngOf(seed, 'ranks of keys');
  const keys = Uint32Array.from({ length: count }, (_, key) => key);
  for (let at = count - 1; at > 0; at--) {
    const other = rng.int(0, at);
    const moved = keys[at] ?? 0;
    keys[at] = keys[other] ?? 0;
    keys[other] = moved;
  }
  return keys;
}
