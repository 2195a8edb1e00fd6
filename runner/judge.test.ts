import { describe, expect, it } from 'vitest';
import type { Checker } from '../core/checker.ts';
import type { HistoryEvent, OpEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Plan, Results } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import { judge } from './judge.ts';

const plan: Plan = {
  ...{ workload: 'register', system: 'raft', settings: {}, world: 'local' },
  ...{ nodes: 3, concurrency: 1, rate: 0, timeMs: 1000, ops: 0 },
  ...{ keys: 1, opsPerKey: 100, readRatio: 0.5, timeoutMs: 1000 },
  ...{ nemesis: [], nemesisIntervalMs: 1000, seed: 1, faults: [], thresholds: [] },
};

const content: Checker = {
  name: 'content',
  summary: 'finds no fault with anything',
  check: () => ({ checker: 'content', valid: 'valid', summary: 'all is well' }),
};

function judged(
  events: readonly HistoryEvent[],
  more: Partial<Plan> = {},
  others: readonly Checker[] = [],
): Promise<Results> {
  const conducted = {
    ...{ history: historyOf(events), sightings: [], mainEndNs: 1e9, facts: {} },
    ...{
      notRecovered: null,
      notAtRest: null,
      outside: [],
      cutShort: null,
      unissued: 0,
      breaches: [],
    },
  };
  return judge({ ...plan, ...more }, conducted, content, { others });
}

function operation(op: string, phase: OpEvent['phase'], at: number): HistoryEvent[] {
  const common = { process: at, op, value: null };
  return [
    { ...common, index: 2 * at, timeNs: 2 * at, phase: 'invoke' },
    { ...common, index: 2 * at + 1, timeNs: 2 * at + 1, phase },
  ];
}

describe('what else a run left behind', () => {
  const other = (valid: Verdict['valid']): Checker => ({
    name: 'log-patterns',
    summary: 'looks at logs',
    check: () => ({ checker: 'log-patterns', valid, summary: `the logs are ${valid}` }),
  });

  it('convicts a run whose history is fine', async () => {
    const results = await judged(operation('read', 'ok', 0), {}, [other('invalid')]);
    expect(results).toMatchObject({
      valid: 'invalid',
      exitCode: 1,
      reason: 'the logs are invalid',
    });
    expect(results.verdict.parts?.map(({ checker }) => checker)).toEqual([
      'content',
      'log-patterns',
      'vacuity',
    ]);
  });

  it('adds nothing to what is said of a run that is fine', async () => {
    const results = await judged(operation('read', 'ok', 0), {}, [other('valid')]);
    expect(results).toMatchObject({ valid: 'valid', exitCode: 0, reason: 'all is well' });
  });
});

describe('a run proves nothing', () => {
  it('without any operation', async () => {
    expect(await judged([])).toMatchObject({ valid: 'unknown', exitCode: 2 });
  });

  it('when a kind of operation never succeeded', async () => {
    const results = await judged([...operation('read', 'ok', 0), ...operation('write', 'info', 1)]);
    expect(results).toMatchObject({
      valid: 'unknown',
      reason: 'no write ever succeeded (0 failed, 1 unknown)',
    });
  });

  it('when a fault that was asked for was never put in force', async () => {
    const fault = { atMs: 900, durationMs: 100, kind: 'kill', variant: 'one', draw: 0 };
    const results = await judged(operation('read', 'ok', 0), {
      nemesis: ['kill:one'],
      faults: [fault],
    });
    expect(results.reason).toBe('the fault "kill" was never put in force');
  });

  it('when its time was too short for a fault that was asked for', async () => {
    const results = await judged(operation('read', 'ok', 0), { nemesis: ['kill:one'] });
    expect(results.reason).toContain('the fault "kill" was never due: the run is too short');
  });

  it('by those kinds of faults that were due and did nothing, and by no others', async () => {
    const fault = { atMs: 0.000_001, durationMs: 1, kind: 'kill', variant: 'one', draw: 0 };
    const common = { process: 'nemesis' as const, fault: 'kill', faultId: 0, value: null };
    const results = await judged(
      [
        { ...common, index: 0, timeNs: 1, phase: 'active' },
        ...operation('read', 'ok', 1),
        { ...common, index: 4, timeNs: 4, phase: 'end' },
      ],
      { nemesis: ['kill', 'pause'], faults: [fault] },
    );
    expect(results.reason).toBe('none of 1 faults of kind "kill" had any effect');
  });
});

it('a kind of fault that was never due is named, and takes nothing from a run that others bit', async () => {
  const fault = { atMs: 0.000_001, durationMs: 1, kind: 'kill', variant: 'one', draw: 0 };
  const common = { process: 'nemesis' as const, fault: 'kill', faultId: 0, value: null };
  const results = await judged(
    [
      { ...common, index: 0, timeNs: 1, phase: 'active' },
      ...operation('read', 'ok', 1),
      ...operation('read', 'info', 2),
      { ...common, index: 6, timeNs: 6, phase: 'end' },
    ],
    { nemesis: ['kill', 'pause'], faults: [fault] },
  );
  expect(results.valid).toBe('valid');
  const vacuity = results.verdict.parts?.find(({ checker }) => checker === 'vacuity');
  expect(vacuity?.summary).toBe('faults that bit: kill 1 of 1; never due: pause');
});

it('a run in which everything succeeded is what its checker says of it', async () => {
  const results = await judged([...operation('read', 'ok', 0), ...operation('write', 'ok', 1)]);
  expect(results).toMatchObject({ valid: 'valid', reason: 'all is well', exitCode: 0 });
});
