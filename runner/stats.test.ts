import { describe, expect, it } from 'vitest';
import type { HistoryEvent, OpEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import { runStats } from './stats.ts';

let index = 0;
function op(
  process: number,
  phase: OpEvent['phase'],
  timeMs: number,
  more: Partial<OpEvent> = {},
): HistoryEvent {
  return { index: index++, timeNs: timeMs * 1e6, process, phase, op: 'read', value: null, ...more };
}

describe('figures of a run', () => {
  it('count latency from when an operation was due, not from when a worker was free', () => {
    const events = [op(0, 'invoke', 100, { dueNs: 20e6 }), op(0, 'ok', 110)];
    const stats = runStats(historyOf(events), 1e9);
    expect(stats.latencyMs.max).toBeCloseTo(90, 0);
    expect(stats.throughput).toBe(1);
  });

  it('leave out what began after the main phase, and call what never ended unknown', () => {
    const events = [op(0, 'invoke', 10), op(1, 'invoke', 1500), op(1, 'ok', 1501)];
    const stats = runStats(historyOf(events), 1e9);
    expect(stats.counts).toEqual({ ok: 0, fail: 0, info: 1 });
    expect(stats.byOp.read?.info).toBe(1);
  });

  it('keep the 99th percentile apart from the rest', () => {
    const events = Array.from({ length: 100 }, (_, at) => [
      op(0, 'invoke', at * 10),
      op(0, 'ok', at * 10 + (at === 50 ? 9 : 1)),
    ]).flat();
    const { latencyMs } = runStats(historyOf(events), 1e9);
    expect(latencyMs.p50).toBeCloseTo(1, 1);
    expect(latencyMs.p99).toBeCloseTo(1, 1);
    expect(latencyMs.max).toBeCloseTo(9, 1);
  });
});
