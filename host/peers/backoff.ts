import type { Rng } from '../../core/rng.ts';

/**
 * How long to wait before the next try: doubling from `firstMs` up to `capMs`, each time a random half
 * to the whole of it, so that the nodes of a cluster do not come all at once.
 */
export interface Backoff {
  nextMs(): number;
  reset(): void;
}

export function backoff(rng: Rng, firstMs: number, capMs: number): Backoff {
  let failures = 0;
  return {
    nextMs() {
      const fullMs = Math.min(capMs, firstMs * 2 ** failures);
      if (fullMs < capMs) failures++;
      return fullMs * (0.5 + rng.float() / 2);
    },
    reset() {
      failures = 0;
    },
  };
}
