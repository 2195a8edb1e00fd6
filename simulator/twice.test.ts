import { describe, expect, it } from 'vitest';
import { nodeIds } from '../core/node-id.ts';
import { rngOf } from '../core/rng.ts';
import type { Protocol } from '../core/protocol.ts';
import type { System } from '../core/system.ts';
import { bundledSystems as systems } from '../systems/index.ts';
import type { Trace } from './trace.ts';
import { type Twice, differenceText, twice } from './twice.ts';
import { simulation } from './virtual-time.ts';
import { simulatedWorld } from './world.ts';

type AnyProtocol = Protocol<unknown, unknown>;

/** Raft, changed by somebody who did not mind the rules. */
function raftWith(change: (protocol: AnyProtocol) => Partial<AnyProtocol>): System {
  const raft = systems.raft!;
  const protocolWith: System['protocolWith'] = (settings) => {
    const protocol = raft.protocolWith!(settings);
    return { ...protocol, ...change(protocol) };
  };
  return { ...raft, protocolWith };
}

/** Three nodes for two virtual seconds, twice. */
function twiceWith(system: System): Promise<Twice> {
  return twice(async (trace: Trace) => {
    const world = simulatedWorld({ trace });
    await world.time.run(async () => {
      const settings = Object.fromEntries(system.settings.map((each) => [each.name, each.default]));
      await using _cluster = await world.start({
        ...{ runId: 'twice', owner: 'nobody', keep: false, linkFaults: false, workDir: '' },
        ...{ nodes: nodeIds(3), system, settings, seed: 7 },
      });
      await world.time.clock.sleep(2000);
    });
  });
}

describe('doing it twice', () => {
  it.each(Object.values(systems))('$name does the same', async (system) => {
    const { events, draws, difference } = await twiceWith(system);
    expect(difference).toBeNull();
    expect(events).toBeGreaterThan(100);
    expect(draws).toBeGreaterThan(100);
  });

  let calls = 0;
  it.each<[string, (protocol: AnyProtocol) => Partial<AnyProtocol>]>([
    [
      'waits for a time that Math.random gives',
      (protocol) => ({ wakeAt: (state) => protocol.wakeAt(state) + Math.random() }),
    ],
    [
      'reads the clock on the wall',
      (protocol) => ({ init: (options) => protocol.init({ ...options, seed: performance.now() }) }),
    ],
    [
      'goes on counting from run to run',
      (protocol) => ({ wakeAt: (state) => protocol.wakeAt(state) + calls++ / 1e3 }),
    ],
    [
      'sends in the order of addresses in memory',
      (protocol) => ({
        step(state, input, nowMs) {
          const keyed = protocol
            .step(state, input, nowMs)
            .map((effect) => [addressOf(effect), effect] as const);
          return keyed.sort(([one], [other]) => one - other).map(([, effect]) => effect);
        },
      }),
    ],
  ])('convicts a protocol that %s', async (_, change) => {
    const { difference } = await twiceWith(raftWith(change));
    expect(difference).not.toBeNull();
    expect(difference?.first).not.toEqual(difference?.second);
  });

  it('names the event, the time, and what was done', async () => {
    let runs = 0;
    const { difference } = await twice((trace) => {
      const time = simulation({ trace });
      runs++;
      time.after(5, () => undefined);
      time.after(10, () => trace.note('n1', 'says', `this is run ${runs}`));
      return time.run(() => time.clock.sleep(1));
    });
    expect(differenceText(difference!)).toBe(
      'after event 2, at 0.000000010 s: the first time n1 says "this is run 1"; the second time n1 says "this is run 2"',
    );
  });

  it('names the draw', async () => {
    let seed = 1;
    const { difference } = await twice(async () => {
      await Promise.resolve();
      rngOf(3, 'same').float();
      rngOf(seed++, 'other').float();
    });
    expect(difference).toMatchObject({
      first: expect.stringContaining('is drawn from 1/other') as string,
      second: expect.stringContaining('is drawn from 2/other') as string,
    });
  });

  it('notices that one of the two ends early', async () => {
    let runs = 0;
    const { difference } = await twice((trace) => {
      if (runs++ === 0) trace.note('n1', 'says', 'more');
      return Promise.resolve();
    });
    expect(difference).toEqual({ event: 0, timeNs: 0, first: 'n1 says "more"', second: null });
  });

  it('listens to nobody when it is over', async () => {
    await expect(twice(() => Promise.reject(new Error('broke off')))).rejects.toThrow('broke off');
    expect((await twice(() => Promise.resolve())).draws).toBe(0);
  });
});

/** What an engine that hashes by address would give: another number for the same thing in each run. */
const addresses = new WeakMap<object, number>();
function addressOf(value: object): number {
  const known = addresses.get(value) ?? Math.random();
  addresses.set(value, known);
  return known;
}
