import { describe, expect, it } from 'vitest';
import type { FaultEvent, OpEvent } from '../../core/event.ts';
import { type Operation, historyOf, operationsOf } from '../../core/history.ts';
import { sampleRun } from '../testing/sample-run.ts';
import { chartsOf } from './all.ts';
import { faultBands } from './fault-bands.ts';
import { latencyMs, observe } from './observations.ts';
import { windowsOver } from './windows.ts';

const run = sampleRun({ ops: 3000 });
const operations = operationsOf(run.history);
const chart = (name: string, of = run) => chartsOf(of).find((each) => each.name === name)!;
const startS = ({ invoke }: Operation): number => (invoke.dueNs ?? invoke.timeNs) / 1e9;
const lastedMs = ({ invoke, complete }: Operation): number =>
  (complete!.timeNs - (invoke.dueNs ?? invoke.timeNs)) / 1e6;

function event(index: number, timeMs: number, rest: Partial<OpEvent>): OpEvent {
  return {
    index,
    timeNs: timeMs * 1e6,
    process: 0,
    phase: 'invoke',
    op: 'read',
    value: null,
    ...rest,
  };
}

function fault(faultId: number, phase: FaultEvent['phase'], timeS: number): FaultEvent {
  const value = { summary: 'n1 cut off', variant: 'isolate' };
  return {
    index: 0,
    timeNs: timeS * 1e9,
    process: 'nemesis',
    phase,
    fault: 'partition',
    faultId,
    value,
  };
}

describe('what the charts see of a history', () => {
  it('agrees with the pairs of invocation and completion', () => {
    const seen = observe(run.history);
    expect(seen.length).toBe(operations.length);
    operations.forEach((operation, at) => {
      expect(latencyMs(seen, at)).toBe(lastedMs(operation));
      expect(seen.ops[seen.op[at]!]).toBe(operation.invoke.op);
    });
  });

  it('counts latency from when an operation was due', () => {
    const seen = observe(historyOf([event(0, 50, { dueNs: 10e6 }), event(1, 60, { phase: 'ok' })]));
    expect(latencyMs(seen, 0)).toBe(50);
  });

  it('takes an operation without completion to have waited to the end of the history', () => {
    const seen = observe(
      historyOf([
        event(0, 10, {}),
        event(1, 20, { process: 1 }),
        event(2, 90, { process: 1, phase: 'fail' }),
      ]),
    );
    expect(latencyMs(seen, 0)).toBe(80);
  });

  it('counts operations past its bound without keeping them', () => {
    expect(observe(run.history, 10)).toMatchObject({ total: operations.length, length: 10 });
  });

  it('bounds the kinds of operation that it tells apart', () => {
    const many = Array.from({ length: 500 }, (_, at) =>
      event(at, at, { process: at, op: `op${String(at)}` }),
    );
    const seen = observe(historyOf(many));
    expect(seen.ops).toHaveLength(200);
    expect(seen.ops[seen.op[499]!]).toBe('others');
  });
});

describe('latency-raw', () => {
  it('draws every operation of a short run once, by outcome', () => {
    const { series, subtitle } = chart('latency-raw');
    const drawn = series.map(({ x }) => x.length);
    const counts = ['ok', 'fail', 'info'].map(
      (phase) => operations.filter(({ complete }) => complete?.phase === phase).length,
    );
    expect(drawn).toEqual(counts);
    expect(subtitle).toContain(`all ${operations.length.toLocaleString('en-US')} operations drawn`);
  });

  it('thins a long run to some ten thousand points and says so', () => {
    const long = chart('latency-raw', sampleRun({ ops: 60_000, seconds: 60 }));
    const drawn = long.series.reduce((sum, { x }) => sum + x.length, 0);
    expect(drawn).toBeLessThanOrEqual(12_000);
    expect(drawn).toBeGreaterThan(6000);
    expect(long.subtitle).toContain(`${drawn.toLocaleString('en-US')} of 60,000 operations drawn`);
  });

  it('gives points in order of time, as chart.js expects of parsed data', () => {
    for (const { x } of chart('latency-raw').series)
      expect(x).toEqual([...x].sort((a, b) => a - b));
  });
});

describe('latency-quantiles', () => {
  it('agrees with quantiles worked out the slow way', () => {
    const { series, xMax } = chart('latency-quantiles');
    const windows = windowsOver(xMax);
    for (let window = 0; window < windows.count; window++) {
      const sorted = operations
        .filter(
          (each) => each.complete?.phase === 'ok' && windows.windowOf(startS(each)) === window,
        )
        .map(lastedMs)
        .sort((a, b) => a - b);
      [0.5, 0.9, 0.99, 1].forEach((share, at) => {
        const expected = sorted[Math.ceil(share * sorted.length) - 1];
        const got = series[at]!.y[window] ?? null;
        expect(got).toBe(expected === undefined ? null : Number(expected.toPrecision(4)));
      });
    }
  });

  it('shows a gap where nothing succeeded', () => {
    const silent = historyOf([
      event(0, 0, {}),
      event(1, 1, { phase: 'ok' }),
      event(2, 5000, {}),
      event(3, 9000, { phase: 'info' }),
    ]);
    const median = chart('latency-quantiles', { ...run, history: silent }).series[0]!;
    expect(median.y.filter((value) => value !== null)).toEqual([1]);
  });
});

describe('throughput', () => {
  it('adds up to the operations that completed', () => {
    const { series, xMax } = chart('throughput');
    const windows = windowsOver(xMax);
    const totals = series.map(({ y }) =>
      Math.round(y.reduce<number>((sum, rate, at) => sum + (rate ?? 0) * windows.lengthS(at), 0)),
    );
    const expected = ['cas', 'read', 'write'].map(
      (op) =>
        operations.filter(({ complete }) => complete?.phase === 'ok' && complete.op === op).length,
    );
    expect(series.map(({ label }) => label)).toEqual([
      'cas ok',
      'read ok',
      'write ok',
      'any fail',
      'any info',
    ]);
    expect(totals.slice(0, 3)).toEqual(expected);
  });

  it('puts the rarest of many kinds together', () => {
    const many = Array.from({ length: 80 }, (_, at) => [
      event(2 * at, at, { op: `op${String(at % 8)}` }),
      event(2 * at + 1, at + 0.5, { op: `op${String(at % 8)}`, phase: 'ok' as const }),
    ]).flat();
    const labels = chart('throughput', { ...run, history: historyOf(many) }).series.map(
      ({ label }) => label,
    );
    expect(labels).toHaveLength(7);
    expect(labels).toContain('others ok');
  });
});

describe('fault bands', () => {
  it('run from begin over active and heal to end', () => {
    const events = [
      fault(0, 'begin', 1),
      fault(0, 'active', 2),
      fault(0, 'heal', 5),
      fault(0, 'end', 6),
    ];
    expect(faultBands(events, 9e9)).toMatchObject([
      { kind: 'partition', beginS: 1, activeS: 2, healS: 5, endS: 6, failed: false, lane: 0 },
    ]);
  });

  it('last to the end of the history where a fault was never healed', () => {
    expect(faultBands([fault(0, 'begin', 1), fault(0, 'active', 2)], 9e9)).toMatchObject([
      { healS: 9, endS: 9 },
    ]);
  });

  it('show a fault that could not be put in force as such', () => {
    const [band] = faultBands([fault(0, 'begin', 1), fault(0, 'failed', 2)], 9e9);
    expect(band).toMatchObject({ activeS: null, endS: 2, failed: true });
    expect(band?.labels[0]).toBe('partition: n1 cut off (failed)');
  });

  it('stand in different lanes while they overlap', () => {
    const events = [1, 2, 3].flatMap((at) => [fault(at, 'begin', at), fault(at, 'end', at + 1.5)]);
    expect(faultBands(events, 9e9).map(({ lane }) => lane)).toEqual([0, 1, 0]);
  });
});

it('an empty history has charts, too', () => {
  for (const each of chartsOf({ ...run, history: historyOf([]) })) {
    expect(each.yMax).toBeGreaterThan(each.yMin);
    expect(each.series.every(({ y }) => y.every((value) => value === null || value === 0))).toBe(
      true,
    );
  }
});
