import { describe, expect, it } from 'vitest';
import type { ThreadSummary } from '../job.ts';
import { partFlag, preloadFlag, tagOf } from '../journal/codes.ts';
import type { Columns } from '../journal/columns.ts';
import { decodeJournals } from '../journal/decoder.ts';
import { journalEncoder } from '../journal/encoder.ts';
import { healthOf } from './generator-health.ts';
import { decodeLatencies, latencies, mergeLatencies } from './latencies.ts';
import { measuredIn } from './measured.ts';
import { successesAfter, windowsOf } from './windows.ts';

interface Happened {
  readonly tag?: number;
  /** All in milliseconds. */
  readonly due: number;
  readonly called?: number;
  /** Negative where it never ended. */
  readonly ended: number;
  readonly isOk?: boolean;
}

/** Operations one after the other, each by a client of its own. */
function columnsOf(all: readonly Happened[]): Columns {
  const moments = all.flatMap(
    ({ tag = tagOf('read'), due, called = due, ended, isOk = true }, index) => [
      {
        atMs: called,
        act: () => encoder.invoke(tag, { index, key: 0, value: -1, dueNs: due * 1e6 }),
      },
      ...(ended < 0
        ? []
        : [
            {
              atMs: ended,
              act: () =>
                isOk ? encoder.ok(tag, index, -1) : encoder.lost(tag, index, 'fail', 'BUSY'),
            },
          ]),
    ],
  );
  const chunks: Uint8Array[] = [];
  let nowMs = 0;
  const header = { schema: 1, thread: 0, threads: 1, slots: all.length } as const;
  const encoder = journalEncoder(
    header,
    () => nowMs * 1e6,
    (bytes) => chunks.push(bytes),
  );
  for (const { atMs, act } of moments.sort((one, other) => one.atMs - other.atMs)) {
    nowMs = atMs;
    act();
  }
  encoder.flush();
  return decodeJournals([Buffer.concat(chunks)]);
}

describe('what is measured', () => {
  it('is what ended in the time, with latencies from when each was due', () => {
    const columns = columnsOf([
      { due: 10, ended: 90 },
      { due: 50, called: 140, ended: 150 },
      { due: 160, ended: 199 },
      { due: 190, ended: 210 },
    ]);
    const { counts, all } = measuredIn(columns, 100e6, 200e6);
    expect(counts).toEqual({ ok: 2, fail: 0, info: 0 });
    expect(all.maxMs).toBeCloseTo(100, 0);
  });

  it('has errors by kind and by what they said, and what never ended among those in doubt', () => {
    const columns = columnsOf([
      { due: 110, ended: 120, isOk: false },
      { due: 111, ended: 121, isOk: false },
      { due: 112, ended: -1 },
    ]);
    const { counts, commonestError } = measuredIn(columns, 100e6, 200e6);
    expect(counts).toEqual({ ok: 0, fail: 2, info: 1 });
    expect(commonestError).toBe('BUSY (2 times)');
  });

  it('is each operation once, and not the parts of a scan, nor what was put in place before', () => {
    const columns = columnsOf([
      { tag: tagOf('scan'), due: 110, ended: 140 },
      { tag: tagOf('read', partFlag), due: 110, ended: 120 },
      { tag: tagOf('write', preloadFlag), due: 110, ended: 120 },
    ]);
    const measured = measuredIn(columns, 100e6, 200e6);
    expect(measured.counts.ok).toBe(1);
    expect(Object.keys(measured.latencies)).toEqual(['scan']);
  });
});

it('a window has what ended in it, and the quantiles of that', () => {
  const columns = columnsOf([
    { due: 1000, ended: 1010 },
    { due: 1000, ended: 1030 },
    { due: 1000, ended: 1150, isOk: false },
    { due: 900, ended: 1160 },
  ]);
  const windows = windowsOf(columns, { fromNs: 1000e6, windowMs: 100, count: 3 });
  expect(windows.map(({ atMs, ok, errors }) => [atMs, ok, errors])).toEqual([
    [0, 2, 0],
    [100, 1, 1],
    [200, 0, 0],
  ]);
  expect(windows.map(({ p50Ms, p99Ms }) => [Math.round(p50Ms), Math.round(p99Ms)])).toEqual([
    [10, 30],
    [260, 260],
    [0, 0],
  ]);
  expect([...successesAfter(columns, 1000e6, 20)].map(Math.round)).toEqual([30, 160]);
});

it('histograms add up, and come back from text', () => {
  const [one, other] = [latencies(), latencies()];
  for (let ms = 1; ms <= 100; ms++) (ms % 2 === 0 ? one : other).add(ms * 1e6);
  const merged = decodeLatencies(mergeLatencies([one, other]).encoded());
  expect(merged.count).toBe(100);
  expect(merged.percentileMs(50)).toBeCloseTo(50, 0);
  expect(merged.maxMs).toBeCloseTo(100, 0);
});

describe('the generator', () => {
  const thread = (busyShare: number, lateP99Ms = 0, cpuMs = 500): ThreadSummary => ({
    ...{ unissued: 0, journal: null },
    health: { wallMs: 1000, cpuMs, busyShare, eventLoopDelayP99Ms: 1, lateP99Ms },
  });
  const about = { operations: 1000, p50Ms: 4, isOpen: true };

  it('is no limit while its threads wait for answers most of the time', () => {
    const health = healthOf([thread(0.5), thread(0.6)], about);
    expect(health).toMatchObject({ threads: 2, cpuShare: 0.5, busyShare: 0.6, limitedBy: null });
    expect(health.cpuPerOperationUs).toBe(1000);
  });

  it('is one when a single thread is busy', () => {
    expect(healthOf([thread(0.2), thread(0.95)], about).limitedBy).toContain('busy for 95 %');
  });

  it('is one when operations begin late by more than a quarter of the median latency', () => {
    expect(healthOf([thread(0.2, 1)], about).limitedBy).toBeNull();
    expect(healthOf([thread(0.2, 1.1)], about).limitedBy).toContain('began up to 1.1 ms late');
    expect(healthOf([thread(0.2, 1.1)], { ...about, isOpen: false }).limitedBy).toBeNull();
  });
});
