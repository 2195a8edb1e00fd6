import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Sighting } from '../core/nemesis.ts';
import type { Plan } from '../core/run.ts';
import type { NodeStatus } from '../core/system.ts';
import type { Conducted } from './conduct.ts';
import { livenessVerdict } from './liveness.ts';

const plan: Plan = {
  ...{ workload: 'register', system: 'raft', settings: {}, world: 'sim', mode: 'liveness' },
  ...{ nodes: 3, concurrency: 3, rate: 0, timeMs: 60_000, ops: 0 },
  ...{ keys: 1, opsPerKey: 100, readRatio: 0.5, timeoutMs: 1000 },
  ...{ nemesis: [], nemesisIntervalMs: 1000, seed: 1, faults: [], thresholds: [] },
};

const mainEndNs = 60e9;

type Timed = readonly [seconds: number, event: object];

function operations(...seconds: number[]): Timed[] {
  return seconds.flatMap((at): Timed[] => {
    const common = { process: 0, op: 'read', value: null };
    return [
      [at, { ...common, phase: 'invoke' }],
      [at, { ...common, phase: 'ok' }],
    ];
  });
}

function fault(fromSeconds: number, toSeconds: number): Timed[] {
  const common = { process: 'nemesis', fault: 'kill', faultId: 1, value: { summary: 'n1 killed' } };
  return [
    [fromSeconds, { ...common, phase: 'active' }],
    [toSeconds, { ...common, phase: 'end' }],
  ];
}

function judged(
  events: readonly Timed[],
  more: Partial<Conducted> = {},
  changed: Partial<Plan> = {},
): ReturnType<typeof livenessVerdict> {
  const history = [...events]
    .sort(([one], [other]) => one - other)
    .map(([at, event], index) => ({ ...event, index, timeNs: at * 1e9 }) as HistoryEvent);
  const conducted: Conducted = {
    ...{ history: historyOf(history), sightings: [], mainEndNs, facts: {}, unissued: 0 },
    ...{ notRecovered: null, notAtRest: null, outside: [], cutShort: null, breaches: [] },
    ...more,
  };
  return livenessVerdict({ ...plan, ...changed }, conducted);
}

const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => from + at * step);

const leading = (at: number, term: number): Sighting => ({
  timeNs: at * 1e9,
  statuses: { n1: { id: 'n1', role: 'leader', term } as NodeStatus },
});

describe('liveness', () => {
  it('is nothing to judge where time is real', () => {
    expect(judged([], { notRecovered: 'nobody leads' }, { world: 'local' })).toBeNull();
  });

  it('is broken by a cluster that does not come back, unless its disks were spoilt', () => {
    const notRecovered = 'nobody leads';
    const safety = { mode: 'safety' } as const;
    expect(judged([], { notRecovered }, safety)).toMatchObject({ valid: 'invalid' });
    const outside = ['disks lose everything'];
    expect(judged([], { notRecovered, outside }, safety)).toMatchObject({ valid: 'unknown' });
    expect(judged([], { notAtRest: 'n1 lags' }, safety)?.valid).toBe('invalid');
  });

  it('is broken when no operation succeeds in the end', () => {
    const asked: Timed = [61, { process: 0, op: 'read', value: null, phase: 'invoke' }];
    const safety = { mode: 'safety' } as const;
    expect(judged([asked], {}, safety)?.summary).toBe(
      'none of 1 operations succeeded after everything was healed',
    );
    expect(judged([asked, ...operations(62)], {}, safety)?.valid).toBe('valid');
  });

  it('is kept by a majority that goes on while a fault lasts', () => {
    const verdict = judged([...fault(10, 30), ...operations(...every(1, 0, 59))]);
    expect(verdict).toMatchObject({ valid: 'valid' });
    expect(verdict?.summary).toContain('1 stretches of faults');
  });

  it('is broken by a majority that stands still for longer than it may', () => {
    const silent = every(1, 0, 59).filter((at) => at < 12 || at > 20);
    expect(judged([...fault(10, 30), ...operations(...silent)])?.summary).toBe(
      'no operation succeeded for 10.0 s from 11.0 s on, with a majority in order (n1 killed)',
    );
    // What happens while faults change is no matter of theirs.
    expect(judged([...fault(10, 12), ...fault(13, 15), ...operations(0)])?.valid).toBe('unknown');
  });

  it('is broken by leaders that follow one another while nothing else changes', () => {
    const events = [...fault(10, 30), ...operations(...every(1, 0, 59))];
    const restless = every(2, 11, 29).map((at) => leading(at, at));
    expect(judged(events, { sightings: restless })?.summary).toContain(
      '10 leaders followed one another',
    );
    const calm = every(2, 11, 29).map((at) => leading(at, at < 14 ? 2 : 3));
    expect(judged(events, { sightings: calm })?.valid).toBe('valid');
  });
});
