import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nemesis } from '../core/nemesis.ts';
import { rngOf } from '../core/rng.ts';
import { planFaults } from './fault-plan.ts';

const nemesis = (
  name: string,
  variants: readonly string[],
): { nemesis: Nemesis; variants: readonly string[] } => ({
  nemesis: {
    name,
    summary: name,
    variants,
    misfit: () => null,
    choose: () => null,
    inject: () => Promise.resolve({}),
    heal: () => Promise.resolve({}),
  },
  variants,
});

const kinds = [
  nemesis('partition', ['isolate-one', 'isolate-leader', 'ring']),
  nemesis('kill', ['one', 'leader']),
  nemesis('pause', ['one']),
];

describe('a fault plan', () => {
  it('is the same for the same seed, and another for another', () => {
    const plan = (seed: number) =>
      planFaults({ kinds, timeMs: 60_000, intervalMs: 5000, rng: rngOf(seed) });
    expect(plan(42)).toEqual(plan(42));
    expect(plan(42)).not.toEqual(plan(43));
  });

  it('lets each kind have its turn, and leaves the first and last moments quiet', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const timeMs = 30_000;
        const intervalMs = 5000;
        const faults = planFaults({ kinds, timeMs, intervalMs, rng: rngOf(seed) });
        expect(new Set(faults.map(({ kind }) => kind)).size).toBe(3);
        for (const { atMs, durationMs } of faults) {
          expect(atMs).toBeGreaterThanOrEqual(1000);
          expect(durationMs).toBeGreaterThan(0);
          expect(atMs + durationMs).toBeLessThanOrEqual(timeMs - intervalMs / 4 + 1);
        }
      }),
    );
  });

  it('is empty without kinds of faults', () => {
    expect(planFaults({ kinds: [], timeMs: 1000, intervalMs: 100, rng: rngOf(1) })).toEqual([]);
  });
});
