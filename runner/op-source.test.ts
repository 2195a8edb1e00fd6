import { describe, expect, it } from 'vitest';
import type { Clock } from '../core/clock.ts';
import type { OpEvent } from '../core/event.ts';
import type { OpGenerator } from '../core/generator.ts';
import { rngOf } from '../core/rng.ts';
import { arrivals, endless, untilOk } from '../generators/combinators.ts';
import { type OpSource, opSource } from './op-source.ts';

/** Virtual time: whoever waits moves the clock, and nothing else does. */
function virtualClock(): Clock & { nowNs(): number } {
  let nowNs = 0;
  const sleep = (delayMs: number): Promise<void> => {
    nowNs += delayMs * 1e6;
    return Promise.resolve();
  };
  return {
    nowNs: () => nowNs,
    sleep,
    after(delayMs, act) {
      void sleep(delayMs).then(act);
      return () => undefined;
    },
  };
}

const read = { op: 'read', value: null } as const;

function sourceOf(generator: OpGenerator, maxOps = 0): { source: OpSource; clock: Clock } {
  const clock = virtualClock();
  const options = {
    generator,
    clock,
    nowNs: () => clock.nowNs(),
    rng: rngOf(1),
    workers: 1,
    maxOps,
  };
  return { source: opSource(options), clock };
}

describe('an operation source', () => {
  it('hands nothing out before it is due', async () => {
    const inner = endless(() => read);
    const generator = arrivals({ opsPerSecond: 100, poisson: false, startNs: 50e6, inner });
    const { source, clock } = sourceOf(generator);
    for (const dueMs of [50, 60, 70]) {
      expect((await source.take(0))?.dueNs).toBe(dueMs * 1e6);
      expect(clock.nowNs() / 1e6).toBeGreaterThanOrEqual(dueMs);
    }
  });

  it('ends after the number of operations asked for', async () => {
    const { source } = sourceOf(
      endless(() => read),
      2,
    );
    expect(await source.take(0)).not.toBeNull();
    expect(await source.take(0)).not.toBeNull();
    expect(await source.take(0)).toBeNull();
  });

  it('asks again after an event when the generator had nothing to say', async () => {
    const { source } = sourceOf(untilOk(read));
    const event = (phase: OpEvent['phase']): OpEvent => ({
      ...{ index: 0, timeNs: 0, process: 0, op: 'read', value: null, phase },
    });
    expect(await source.take(0)).not.toBeNull();
    source.update(event('info'));
    expect(await source.take(0)).not.toBeNull();
    source.update(event('ok'));
    expect(await source.take(0)).toBeNull();
  });

  it('gives waiting workers nothing once it is stopped', async () => {
    const { source } = sourceOf(endless(() => read));
    source.stop();
    expect(await source.take(0)).toBeNull();
  });
});
