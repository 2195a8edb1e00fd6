import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localClock } from './local-clock.ts';
import { type Simulation, simulation } from './virtual-time.ts';

function pass(time: Simulation, ms: number): Promise<void> {
  return time.run(() => time.clock.sleep(ms));
}

describe('a local clock', () => {
  it('runs at its own rate from its own beginning', async () => {
    const time = simulation();
    const clock = localClock(time, 5000, 1.5);
    expect(clock.nowMs()).toBe(5000);
    await pass(time, 100);
    expect(clock.nowMs()).toBeCloseTo(5150, 6);
  });

  it('tells how much true time a delay of its own takes', async () => {
    const time = simulation();
    const clock = localClock(time, 0, 0.5);
    await pass(time, clock.trueNs(30) / 1e6);
    expect(clock.nowMs()).toBeCloseTo(30, 6);
  });

  it('never goes back, whatever is done to it', async () => {
    const act = fc.oneof(
      fc.record({ rate: fc.double({ min: 0.1, max: 3, noNaN: true }) }),
      fc.record({ jumpMs: fc.integer({ min: -1000, max: 1000 }) }),
      fc.record({ passMs: fc.nat(1000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
        const time = simulation();
        const clock = localClock(time, 0, 1);
        let lastMs = clock.nowMs();
        for (const each of acts) {
          if ('rate' in each) clock.setRate(each.rate);
          else if ('jumpMs' in each) clock.jump(each.jumpMs);
          else await pass(time, each.passMs);
          expect(clock.nowMs()).toBeGreaterThanOrEqual(lastMs);
          lastMs = clock.nowMs();
        }
      }),
      { numRuns: 200 },
    );
  });
});
