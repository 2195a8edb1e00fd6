import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../core/json.ts';
import { evidenceText } from '../evidence-text.ts';
import { cycleRun, longCycle, writeSkew } from '../testing/cycle-run.ts';
import { cycleOf } from './cycle.ts';
import { ring } from './ring.ts';

const written = JSON.parse(JSON.stringify(writeSkew)) as JsonObject;

describe('a cycle of transactions', () => {
  it('is read back as it was written', () => {
    expect(cycleOf(written)).toEqual(writeSkew);
  });

  it.each<[string, Json]>([
    ['no list', { ...written, transactions: 3 }],
    ['no transactions', { ...written, transactions: [], dependencies: [] }],
    ['fewer dependencies than transactions', { ...written, dependencies: [] }],
    ['a kind of dependency that nobody knows', { ...written, dependencies: strange('xx') }],
    [
      'the name of something that every object has',
      { ...written, dependencies: strange('valueOf') },
    ],
    ['nothing at all', null],
  ])('is not drawn when there is %s', (_, value) => {
    expect(cycleOf(value)).toBeNull();
  });

  it('is told in the terminal with the reason for every step', () => {
    const text = evidenceText(cycleRun([writeSkew]).results.verdict);
    expect(text).toBe(
      [
        'G2-item: T1 and T2 each read before what the other appended',
        '  T1  read x [1, 2], append y 7  (process 3 on n2, 1.2000 s, 50 ms)',
        '      rw → T2: T1 read x as [1, 2], to which T2 appended 3',
        '  T2  read y [6], append x 3  (process 8 on n4, 1.2100 s, no return, outcome unknown)',
        '      rw → T1: T2 read y as [6], to which T1 appended 7',
      ].join('\n'),
    );
  });

  it.each([1, 2, 3, 5, 16])('of %i transactions is drawn with an arrow out of each', (length) => {
    const { markup = '' } = ring(longCycle(length), 'id') ?? {};
    expect(markup.match(/<circle/g)).toHaveLength(length);
    expect(markup.match(/marker-end/g)).toHaveLength(length);
    expect(markup).not.toContain('NaN');
  });

  it('too long to be seen is not drawn', () => {
    expect(ring(longCycle(17), 'id')).toBeNull();
  });
});

function strange(kind: string): Json {
  return [
    { kind, why: 'because' },
    { kind: 'ww', why: 'because' },
  ];
}
