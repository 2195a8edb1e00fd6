import { describe, expect, it } from 'vitest';
import type { NetworkConditions } from '../core/conditions.ts';
import { rngOf } from '../core/rng.ts';
import { calmConditions } from './conditions.ts';
import { type Links, links } from './links.ts';
import { type Simulation, simulation } from './virtual-time.ts';

interface Arrival {
  readonly number: number;
  readonly afterMs: number;
}

interface Line {
  readonly time: Simulation;
  readonly network: Links;
  readonly arrived: Arrival[];
  /** Sends so many, a millisecond apart, numbered from 0. */
  send(count: number): Promise<void>;
}

function line(conditions: Partial<NetworkConditions> = {}, seed = 1): Line {
  const time = simulation();
  const network = links(time, { ...calmConditions.network, ...conditions }, rngOf(seed));
  const arrived: Arrival[] = [];
  return {
    ...{ time, network, arrived },
    async send(count) {
      for (let number = 0; number < count; number++) {
        const sentNs = time.nowNs();
        const arrive = (): number =>
          arrived.push({ number, afterMs: (time.nowNs() - sentNs) / 1e6 });
        network.send('n1', 'n2', () => void arrive());
        await time.clock.sleep(1);
      }
      await time.clock.sleep(2000);
    },
  };
}

async function after(count: number, each: Line): Promise<readonly Arrival[]> {
  await each.time.run(() => each.send(count));
  return each.arrived;
}

const numbers = (arrived: readonly Arrival[]): number[] => arrived.map(({ number }) => number);
const cut = [{ from: 'n1', to: 'n2' }];

describe('links', () => {
  it('keep order and lose nothing while nothing is wrong, within the delays asked for', async () => {
    const arrived = await after(2000, line({ delayMs: [2, 9] }));
    expect(numbers(arrived)).toEqual(Array.from({ length: 2000 }, (_, at) => at));
    for (const { afterMs } of arrived) expect(afterMs).toBeGreaterThanOrEqual(2);
    // A message may have to wait for the one before it, but for no other.
    for (const { afterMs } of arrived) expect(afterMs).toBeLessThanOrEqual(9);
    const mean = arrived.reduce((sum, { afterMs }) => sum + afterMs, 0) / arrived.length;
    expect(mean).toBeGreaterThan(5.5);
  });

  it('lose and repeat the shares that they should', async () => {
    const each = line({ loss: 0.2, duplication: 0.1 });
    const arrived = await after(5000, each);
    const distinct = new Set(numbers(arrived));
    expect(distinct.size / 5000).toBeCloseTo(0.8, 1);
    expect((arrived.length - distinct.size) / distinct.size).toBeCloseTo(0.1, 1);
    expect(each.network.counts).toMatchObject({ sent: 5000, lost: 5000 - distinct.size, cut: 0 });
  });

  it('let later messages overtake the share that is slow, and keep the others in order', async () => {
    const arrived = await after(3000, line({ reordering: 0.1, slowMs: [50, 100] }));
    const slow = arrived.filter(({ afterMs }) => afterMs >= 50);
    expect(slow.length / 3000).toBeCloseTo(0.1, 1);
    const others = numbers(arrived.filter(({ afterMs }) => afterMs < 50));
    expect(others).toEqual([...others].sort((one, other) => one - other));
    expect(numbers(arrived)).not.toEqual([...numbers(arrived)].sort((a, b) => a - b));
  });

  it('swallow what is sent over a cut, and what was under way when it came', async () => {
    const each = line({ delayMs: [5, 5] });
    each.time.after(100e6, () => each.network.cut(cut));
    each.time.after(200e6, () => each.network.cut([]));
    const arrived = numbers(await after(300, each));
    expect(arrived).toEqual(
      [...Array(300).keys()].filter((number) => number < 95 || number >= 200),
    );
    expect(each.network.counts.cut).toBe(105);
  });

  it('hold back what is sent over a cut where they are to, and deliver it in order', async () => {
    const each = line({ delayMs: [5, 5], holds: true });
    each.time.after(100e6, () => each.network.cut(cut));
    each.time.after(200e6, () => each.network.cut([]));
    const arrived = await after(300, each);
    expect(numbers(arrived)).toEqual([...Array(300).keys()]);
    expect(arrived[100]?.afterMs).toBeGreaterThan(100);
  });

  it('are cut in one direction only where only that was asked for', async () => {
    const { time, network } = line();
    const heard: string[] = [];
    await time.run(async () => {
      network.cut(cut);
      network.send('n1', 'n2', () => heard.push('n2'));
      network.send('n2', 'n1', () => heard.push('n1'));
      await time.clock.sleep(100);
    });
    expect(heard).toEqual(['n1']);
  });

  it('have flaws on top of what they are like, until these are taken back', async () => {
    const each = line({ loss: 0.1 });
    each.network.flaw([{ from: 'n1', to: 'n2', loss: 0.5, duplication: 0, slowMs: 0 }]);
    expect((await after(4000, each)).length / 4000).toBeCloseTo(0.45, 1);
    each.network.flaw([]);
    each.arrived.length = 0;
    expect((await after(4000, each)).length / 4000).toBeCloseTo(0.9, 1);
  });

  it('draw for themselves: what happens on one does not change what happens on another', async () => {
    const alone = await after(500, line({ loss: 0.3, reordering: 0.3 }));
    const busy = line({ loss: 0.3, reordering: 0.3 });
    for (let at = 0; at < 100; at++) busy.network.send('n2', 'n1', () => undefined);
    expect(await after(500, busy)).toEqual(alone);
  });

  it('brings messages later and later, in order, where a backlog builds up', async () => {
    const each = line();
    const flaws = { loss: 0, duplication: 0, slowMs: 0, backlog: 2 };
    each.network.flaw([{ from: 'n1', to: 'n2', ...flaws }]);
    const arrivals = await after(100, each);
    expect(arrivals.map(({ number }) => number)).toEqual(
      Array.from({ length: 100 }, (_, at) => at),
    );
    for (const { number, afterMs } of arrivals) {
      expect(afterMs).toBeGreaterThanOrEqual(2 * number);
      expect(afterMs).toBeLessThan(2 * number + 2);
    }
  });

  it('begins flaws when they are due, unless others have been wanted since', async () => {
    const lossAfter = (afterMs: number) => ({
      ...{ from: 'n1', to: 'n2', loss: 1, duplication: 0, slowMs: 0, afterMs },
    });
    const each = line();
    each.network.flaw([lossAfter(50)]);
    expect(await after(100, each)).toHaveLength(50);
    const other = line();
    other.network.flaw([lossAfter(50)]);
    other.network.flaw([]);
    expect(await after(100, other)).toHaveLength(100);
  });
});
