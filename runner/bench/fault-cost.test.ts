import { describe, expect, it } from 'vitest';
import type { BenchWindow } from '../../core/bench.ts';
import { faultCostOf } from './fault-cost.ts';

const windowMs = 100;
const fault = {
  ...{ kind: 'kill:leader', summary: 'n1 killed', targets: ['n1'], beginMs: 2000, endMs: 3000 },
};

/** What the fault cost when so many operations succeeded in each window of 100 ms, from 0 on. */
function costWhen(ok: (atMs: number) => number, errors: (atMs: number) => number = () => 0) {
  const windows = Array.from({ length: 50 }, (_, at): BenchWindow => {
    const atMs = at * windowMs;
    return { atMs, ok: ok(atMs), errors: errors(atMs), p50Ms: 0, p99Ms: 0 };
  });
  const successes = windows.flatMap((each) =>
    Array.from({ length: each.ok }, (_, at) => each.atMs + ((at + 1) * windowMs) / (each.ok + 1)),
  );
  const after = successes.filter((atMs) => atMs >= fault.beginMs);
  return faultCostOf(fault, {
    ...{ windows, windowMs, warmUpMs: 500, successesMs: Float64Array.from(after), roundMs: 5000 },
  });
}

describe('a fault', () => {
  it('that nobody noticed cost nothing', () => {
    const cost = costWhen(() => 99);
    expect(cost).toMatchObject({ recoveredAfterMs: 0, errors: 0 });
    expect(cost.withoutServiceMs).toBeLessThan(windowMs);
  });

  it('that stopped all for a while cost that time, and the errors in it', () => {
    const isDown = (atMs: number): boolean => atMs >= 2000 && atMs < 2600;
    const cost = costWhen(
      (atMs) => (isDown(atMs) ? 0 : 99),
      (atMs) => (isDown(atMs) ? 3 : 0),
    );
    expect(cost.withoutServiceMs).toBeGreaterThanOrEqual(600);
    expect(cost.withoutServiceMs).toBeLessThan(700);
    expect(cost.recoveredAfterMs).toBe(600);
    expect(cost.errors).toBe(18);
  });

  it('that let some through is over only with nine tenths of what was before', () => {
    const cost = costWhen((atMs) => (atMs < 2000 ? 100 : atMs < 3500 ? 50 : 95));
    expect(cost.recoveredAfterMs).toBe(1500);
    expect(cost.withoutServiceMs).toBeLessThan(windowMs);
  });

  it('is not over with one good window', () => {
    const cost = costWhen((atMs) => (atMs < 2000 || atMs === 2500 || atMs >= 3200 ? 100 : 10));
    expect(cost.recoveredAfterMs).toBe(1200);
  });

  it('whose blow comes late counts from its beginning all the same', () => {
    const cost = costWhen((atMs) => (atMs >= 2700 && atMs < 3300 ? 0 : 100));
    expect(cost.recoveredAfterMs).toBe(1300);
  });

  it('that was never recovered from says so', () => {
    const cost = costWhen((atMs) => (atMs < 2000 ? 100 : 60));
    expect(cost.recoveredAfterMs).toBeNull();
  });

  it('after which nothing was served again left all the rest without service', () => {
    const cost = costWhen((atMs) => (atMs < 2000 ? 100 : 0));
    expect(cost).toMatchObject({ withoutServiceMs: 3000, recoveredAfterMs: null });
  });
});
