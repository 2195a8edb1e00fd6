import { expect, it } from 'vitest';
import { rngOf } from '../../core/rng.ts';
import { arrivals } from './arrivals.ts';
import { closedLoop, openLoop } from './loops.ts';
import type { Wake } from './wake.ts';

/** Clients and time by hand: `tick` lets time pass to a moment, with every wake on the way. */
function stage(slots: number, rate: number, untilNs: number) {
  let nowNs = 0;
  let wakeNs = Infinity;
  let act = (): void => undefined;
  const begun: { slot: number; dueNs: number; atNs: number }[] = [];
  const wake: Wake = {
    at: (momentNs) => (wakeNs = momentNs),
    onWake: (wanted) => (act = wanted),
    cancel: () => (wakeNs = Infinity),
  };
  const loop = openLoop({
    fleet: { begin: (slot, dueNs) => begun.push({ slot, dueNs, atNs: nowNs }) },
    arrivals: arrivals({
      ...{ kind: 'constant', rate, thread: 0, threads: 1, fromNs: 0 },
      rng: rngOf(1),
    }),
    ...{ slots, untilNs, wake, nowNs: () => nowNs, onLate: () => undefined },
  });
  const tick = (toNs: number): void => {
    while (wakeNs <= toNs) {
      nowNs = wakeNs;
      wakeNs = Infinity;
      act();
    }
    nowNs = toNs;
  };
  return { loop, begun, tick };
}

it('operations of an open loop begin when they are due', () => {
  const { loop, begun, tick } = stage(10, 1000, 1e9);
  loop.start();
  tick(5e6);
  expect(begun.map(({ dueNs }) => dueNs)).toEqual([0, 1e6, 2e6, 3e6, 4e6, 5e6]);
  expect(begun.every(({ dueNs, atNs }) => dueNs === atNs)).toBe(true);
});

it('operations that find every client busy wait in order, and keep their due time', () => {
  const { loop, begun, tick } = stage(1, 1000, 1e9);
  loop.start();
  tick(10e6);
  expect(begun).toHaveLength(1);
  loop.free(0);
  expect(begun.at(-1)).toEqual({ slot: 0, dueNs: 1e6, atNs: 10e6 });
  loop.free(0);
  expect(begun.at(-1)).toEqual({ slot: 0, dueNs: 2e6, atNs: 10e6 });
});

it('what was due and never begun is counted when the time is over', () => {
  const { loop, begun, tick } = stage(1, 1000, 10e6);
  loop.start();
  tick(20e6);
  // Due at 0 to 9 ms; one began.
  expect(begun).toHaveLength(1);
  expect(loop.stop()).toBe(9);
  loop.free(0);
  expect(begun).toHaveLength(1);
});

it('clients of an open loop take turns', () => {
  const { loop, begun, tick } = stage(3, 1000, 1e9);
  loop.start();
  for (let ms = 1; ms <= 6; ms++) {
    tick(ms * 1e6 - 5e5);
    loop.free(begun.at(-1)?.slot ?? 0);
  }
  expect(begun.map(({ slot }) => slot)).toEqual([0, 1, 2, 0, 1, 2]);
});

it('each client of a closed loop begins its next operation when the last has ended, until it is over', () => {
  const begun: number[] = [];
  const loop = closedLoop({ begin: (slot) => begun.push(slot) }, 2);
  loop.start();
  loop.free(1);
  loop.stop();
  loop.free(0);
  expect(begun).toEqual([0, 1, 1]);
});

it.each(['poisson', 'constant'] as const)(
  'arrivals of all threads add up to the rate (%s)',
  (kind) => {
    const threads = 3;
    let count = 0;
    for (let thread = 0; thread < threads; thread++) {
      const rng = rngOf(1, `${thread}`);
      const due = arrivals({ kind, rate: 10_000, thread, threads, fromNs: 5e9, rng });
      expect(due.nextNs).toBeGreaterThanOrEqual(5e9);
      while (due.nextNs < 15e9) {
        due.advance();
        count++;
      }
    }
    // 100,000 expected; a Poisson count lies within four standard deviations.
    expect(Math.abs(count - 100_000)).toBeLessThan(kind === 'constant' ? 4 : 4 * 317);
  },
);
