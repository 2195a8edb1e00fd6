import { expect, it } from 'vitest';
import { threadClock } from './thread-clock.ts';
import { metronome } from './wake.ts';

it('a metronome wakes once, at the moment that was set last, and never before', async () => {
  const epochNs = process.hrtime.bigint();
  const nowNs = threadClock(epochNs);
  const wake = await metronome(epochNs, nowNs);
  const woken: number[] = [];
  let tell = (): void => undefined;
  wake.onWake(() => {
    woken.push(nowNs());
    tell();
  });
  const next = (): Promise<void> => new Promise((resolve) => (tell = resolve));
  const cancelledNs = nowNs() + 1e6;
  wake.at(cancelledNs);
  wake.cancel();
  wake.at(nowNs() + 60e9);
  const wantedNs = nowNs() + 5.3e6;
  wake.at(wantedNs);
  await next();
  const soonNs = nowNs();
  wake.at(soonNs);
  await next();
  await wake.end();
  expect(woken).toHaveLength(2);
  // The clocks of two threads agree to within a microsecond.
  expect(woken[0]).toBeGreaterThan(wantedNs - 1000);
  expect(woken[1]).toBeGreaterThan(soonNs);
});

it('a clock of another thread shows the same moment', () => {
  const epochNs = process.hrtime.bigint();
  const [one, other] = [threadClock(epochNs), threadClock(epochNs)];
  const before = Number(process.hrtime.bigint() - epochNs);
  const [first, second] = [one(), other()];
  const after = Number(process.hrtime.bigint() - epochNs);
  for (const shown of [first, second]) {
    expect(shown).toBeGreaterThan(before - 1000);
    expect(shown).toBeLessThan(after + 1000);
  }
});
