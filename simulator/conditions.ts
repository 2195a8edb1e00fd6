import type { Conditions } from '../core/conditions.ts';
import { rngOf } from '../core/rng.ts';

/** A good network and a good disk: what a run gets that asks for nothing else. */
export const calmConditions: Conditions = {
  network: {
    delayMs: [0.2, 1],
    loss: 0,
    duplication: 0,
    reordering: 0,
    slowMs: [20, 250],
    holds: false,
  },
  disk: { syncMs: [0.1, 1], segmentBytes: 1 << 20 },
  clocks: { drift: 0 },
};

/**
 * Draws surroundings for a seed. Each kind of trouble is off in half of the seeds (swarm testing, Groce
 * et al. 2012): what strikes always hides what the others show.
 */
export function drawConditions(seed: number): Conditions {
  const rng = rngOf(seed, 'conditions');
  const sometimes = (most: number): number => (rng.float() < 0.5 ? 0 : rng.float() * most);
  return {
    network: {
      delayMs: [0.2, rng.pick([1, 5, 20])],
      loss: sometimes(0.1),
      duplication: sometimes(0.1),
      reordering: sometimes(0.2),
      slowMs: [20, 250],
      holds: rng.float() < 0.3,
    },
    disk: {
      syncMs: [0.1, rng.pick([0.2, 2, 20])],
      segmentBytes: rng.pick([1 << 12, 1 << 16, 1 << 20]),
    },
    clocks: { drift: sometimes(0.01) },
  };
}

/** The same without what could keep a majority from working: no message is lost, or overtaken. */
export function steadyConditions({ network, disk, clocks }: Conditions): Conditions {
  return { network: { ...network, loss: 0, reordering: 0 }, disk, clocks };
}
