import { describe, expect, it } from 'vitest';
import type { Validity } from '../core/verdict.ts';
import { reached } from './goals/reached.ts';
import type { Limit, Row } from './goals/row.ts';
import { type Figures, type RowResult, verdictsOf } from './run-row.ts';
import { duration, tableOf, tallyOf } from './table.ts';

const row: Row = {
  goal: 7,
  history: 'a history',
  work: { kind: 'together', sources: [], passes: 1 },
  must: { cpuMs: 100, peakMb: 10 },
  aim: { cpuMs: 20 },
  baselineMs: null,
};

function figures(cpuMs: number, peakMb: number, verdict: Validity = 'valid'): Figures {
  const verdicts = verdictsOf([verdict], ['valid']);
  return {
    cpuMs,
    evidenceMs: 2,
    peakMb,
    runs: 5,
    verdicts,
    steps: 12_345,
    algorithms: ['search'],
  };
}

function result(ours: Figures | null, more: Partial<RowResult> = {}): RowResult {
  return { row, ours, other: null, note: null, ...more };
}

describe('a limit', () => {
  const limit: Limit = { cpuMs: 100, peakMb: 10 };

  it.each([
    ['is met by what stays below it', figures(99, 9), 'met'],
    ['is met by what just reaches it', figures(100, 10), 'met'],
    ['is missed by what takes longer', figures(101, 9), 'missed'],
    ['is missed by what needs more memory', figures(99, 11), 'missed'],
    ['is missed by a wrong verdict, however fast', figures(1, 1, 'invalid'), 'missed'],
    ['is missed by no verdict, however fast', figures(1, 1, 'unknown'), 'missed'],
    ['is missed by a failed measurement', null, 'missed'],
  ] as const)('%s', (_, ours, expected) => {
    expect(reached(limit, result(ours))).toBe(expected);
  });

  it('as a share is one of the other checker where that ran, else of its baseline', () => {
    const share: Limit = { share: 0.5 };
    const withBaseline = { row: { ...row, baselineMs: 300 } };
    expect(reached(share, result(figures(120, 1)))).toBe('open');
    expect(reached(share, result(figures(120, 1), withBaseline))).toBe('met');
    const beside = { ...withBaseline, other: figures(200, 1) };
    expect(reached(share, result(figures(120, 1), beside))).toBe('missed');
  });

  it('is open where there is nothing to measure', () => {
    const absent: Row = { ...row, work: { kind: 'absent', reason: 'no files' } };
    expect(reached(limit, result(null, { row: absent }))).toBe('open');
  });
});

describe('the table', () => {
  it('shows figures, verdict and limits of each row', () => {
    expect(tableOf([result(figures(50, 3))])).toBe(
      [
        'goal  history      CPU  memory  verdict  evidence  decided by   steps  A: must               B: aim',
        '   7  a history  50 ms  3.0 MB  valid      2.0 ms  search      12,345  met ≤ 100 ms ≤ 10 MB  missed ≤ 20 ms',
      ].join('\n'),
    );
  });

  it('puts the other checker beside, with the ratio of the times', () => {
    const text = tableOf([result(figures(50, 3), { other: figures(200, 60) })]);
    expect(text).toContain('other CPU');
    expect(text).toContain('200 ms   60 MB  valid         0.25');
  });

  it('has no ratio to a checker that gave up, and no limit from it', () => {
    const share: Row = { ...row, must: { share: 0.5 }, aim: null };
    const gaveUp = { row: share, other: figures(200, 60, 'unknown') };
    const text = tableOf([result(figures(50, 3), gaveUp)]);
    expect(text).toMatch(/open .*unknown +–$/);
  });

  it('names a few algorithms and counts many', () => {
    const many = { ...figures(1, 1), algorithms: ['a', 'b', 'c', 'd'] };
    expect(tableOf([result(many)])).toContain('4 algorithms');
  });

  it('shouts at wrong verdicts', () => {
    expect(tableOf([result(figures(1, 1, 'invalid'))])).toContain('invalid, WRONG');
  });

  it('says below why a row has no figures', () => {
    const text = tableOf([result(null, { note: 'no answer within 300 s' })]);
    expect(text.split('\n').at(-1)).toBe('7: a history: no answer within 300 s');
  });

  it('counts a goal as met when all of its rows are', () => {
    const fast = result(figures(10, 1));
    const slow = result(figures(50, 1));
    const other = { ...fast, row: { ...row, goal: 8 } };
    expect(tallyOf([fast, slow, other])).toBe('A: 2 of 2 goals met\nB: 1 of 2 goals met, not 7');
  });

  it.each([
    [0.04, '0.0 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [9_994, '9.99 s'],
    [12_345, '12.3 s'],
  ])('writes %d ms as %s', (timeMs, text) => {
    expect(duration(timeMs)).toBe(text);
  });
});

describe('verdicts', () => {
  it('are counted against what is known', () => {
    expect(
      verdictsOf(['valid', 'invalid', 'unknown', 'valid'], ['valid', 'valid', 'valid', null]),
    ).toEqual({ files: 4, right: 2, wrong: 1, unknown: 1, only: null });
  });
});
