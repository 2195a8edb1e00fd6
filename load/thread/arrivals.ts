import type { Rng } from '../../core/rng.ts';

/** The moments at which the operations of an open loop are due: nothing that happens moves them. */
export interface Arrivals {
  /** The next one, in nanoseconds of the round's clock. */
  readonly nextNs: number;
  /** On to the one after it. */
  advance(): void;
}

export interface ArrivalOptions {
  readonly kind: 'poisson' | 'constant';
  /** Operations a second, over all threads. */
  readonly rate: number;
  readonly thread: number;
  readonly threads: number;
  readonly fromNs: number;
  readonly rng: Rng;
}

/**
 * A thread's share of the arrivals. Poisson processes add up to one; constant ones are set apart by a
 * thread's part of the interval.
 */
export function arrivals({ kind, rate, thread, threads, fromNs, rng }: ArrivalOptions): Arrivals {
  const meanNs = (1e9 / rate) * threads;
  let count = 0;
  let nextNs =
    fromNs + (kind === 'poisson' ? rng.exponential(meanNs) : (meanNs * thread) / threads);
  const firstNs = nextNs;
  return {
    get nextNs() {
      return nextNs;
    },
    advance() {
      count++;
      // Counted and not summed up, so that no rounding adds up either.
      nextNs = kind === 'poisson' ? nextNs + rng.exponential(meanNs) : firstNs + count * meanNs;
    },
  };
}
