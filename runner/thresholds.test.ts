import { describe, expect, it } from 'vitest';
import type { RunStats } from '../core/run.ts';
import { judgeThreshold, parseThreshold } from './thresholds.ts';

const latencyMs = { p50: 2, p90: 5, p99: 20, p999: 80, max: 120, mean: 3 };
const stats: RunStats = {
  durationMs: 1000,
  counts: { ok: 95, fail: 3, info: 2 },
  unissued: 0,
  byOp: {},
  throughput: 95,
  latencyMs,
};

describe('thresholds', () => {
  it.each([
    ['p99<50ms', true],
    ['p99<20ms', false],
    ['p99<=20ms', true],
    ['p99.9 < 0.1s', true],
    ['throughput>90', true],
    ['throughput>=95.5', false],
    ['errors<5%', false],
    ['errors<=5%', true],
    ['throughput>90/s', true],
    ['max<119000us', false],
  ])('%s is met: %s', (text, met) => {
    expect(judgeThreshold(parseThreshold(text), stats).met).toBe(met);
  });

  it.each([
    'p99',
    'p42<5ms',
    'p99<fast',
    '',
    'p99<5kg',
    '<5ms',
    'p99<50%',
    'throughput>5ms',
    'errors<5s',
    'toString<1',
  ])('%j is refused with what is understood', (text) => {
    expect(() => parseThreshold(text)).toThrow(/expected a threshold like "p99<50ms"/);
  });

  it.each([
    ['p99>50ms', 'as in "p99<50ms", because less is better'],
    ['errors>=1%', 'as in "errors<1%", because less is better'],
    ['throughput<1000', 'as in "throughput>1000", because more is better'],
    ['p99<0ms', 'that can be met, above 0'],
    ['errors<0%', '"errors<=0%" allows none'],
    ['errors<150%', 'which all runs meet'],
  ])('%s is refused, because it decides nothing', (text, why) => {
    expect(() => parseThreshold(text)).toThrow(why);
  });

  it('no error at all can be demanded', () => {
    expect(judgeThreshold(parseThreshold('errors<=0%'), stats).met).toBe(false);
  });

  it('a failed cas is no error, as it is an answer', () => {
    const cas = { ok: 1, fail: 3, info: 0, latencyMs };
    const some = { ...stats, byOp: { cas } };
    expect(judgeThreshold(parseThreshold('errors<=2%'), some)).toMatchObject({
      measured: 2,
      met: true,
    });
  });

  it('no latency is met by an open loop that left operations unsent', () => {
    const late = { ...stats, unissued: 100 };
    expect(judgeThreshold(parseThreshold('p99<50ms'), late).met).toBe(false);
    expect(judgeThreshold(parseThreshold('throughput>90'), late).met).toBe(true);
    expect(judgeThreshold(parseThreshold('errors<50%'), late).met).toBe(false);
  });

  it('nothing is met by a run without a single success', () => {
    const none = { ...stats, counts: { ok: 0, fail: 5, info: 0 } };
    expect(judgeThreshold(parseThreshold('p99<50ms'), none).met).toBe(false);
  });
});
