import { describe, expect, it } from 'vitest';
import { type Anomaly, implied, meaningOf } from './anomaly.ts';
import { type Level, levelNamed, levels, ruledOut, strongestOf, weakestOf } from './levels.ts';

/** Anomalies, the weakest levels that forbid them, and the strongest that do not. */
const cases: readonly (readonly [Anomaly[], Level[], Level[]])[] = [
  [[], [], ['strict-serializable']],
  [['G0'], ['read-uncommitted'], []],
  [['garbage-read'], ['read-uncommitted'], []],
  [['G1a'], ['read-committed'], ['strong-read-uncommitted']],
  [
    ['OTV'],
    ['consistent-view', 'monotonic-atomic-view'],
    ['cursor-stability', 'strong-read-committed'],
  ],
  [['internal'], ['read-atomic'], ['consistent-view', 'repeatable-read', 'strong-read-committed']],
  [['lost-update'], ['cursor-stability'], ['causal', 'strong-read-committed']],
  [
    ['G-single'],
    ['consistent-view', 'repeatable-read'],
    ['causal', 'cursor-stability', 'strong-read-committed'],
  ],
  [
    ['G-nonadjacent'],
    ['repeatable-read', 'snapshot-isolation'],
    ['parallel-snapshot-isolation', 'strong-read-committed'],
  ],
  [['G2-item'], ['repeatable-read'], ['strong-snapshot-isolation']],
  [
    ['G-single-process'],
    ['strong-session-snapshot-isolation'],
    ['serializable', 'strong-read-committed'],
  ],
  [['G0-realtime'], ['strong-read-uncommitted'], ['strong-session-serializable']],
  [
    ['G-single-realtime'],
    ['strong-snapshot-isolation'],
    ['strong-session-serializable', 'strong-read-committed'],
  ],
  [
    ['G2-item-realtime'],
    ['strict-serializable'],
    ['strong-session-serializable', 'strong-snapshot-isolation'],
  ],
];

describe('levels', () => {
  it.each(cases)('with %j rule out %j and leave %j', (anomalies, weakest, strongest) => {
    const out = ruledOut(anomalies);
    const left = new Set(levels.filter((level) => !out.has(level)));
    expect([...weakestOf(out)].sort()).toEqual([...weakest].sort());
    expect([...strongestOf(left)].sort()).toEqual([...strongest].sort());
  });

  it('are refused by another name', () => {
    expect(levelNamed('serializable')).toBe('serializable');
    expect(() => levelNamed('serialisable')).toThrow(/one of read-uncommitted.*got "serialisable"/);
  });
});

describe('anomalies', () => {
  it('imply the wider ones, with weaker orders first', () => {
    expect([...implied('G-single-process')].sort()).toEqual([
      'G-nonadjacent-process',
      'G-nonadjacent-realtime',
      'G-single-process',
      'G-single-realtime',
      'G2-item-process',
      'G2-item-realtime',
    ]);
    expect(implied('G0').has('G1c-realtime')).toBe(true);
    expect(implied('lost-update').has('G2-item')).toBe(true);
  });

  it('are told in words', () => {
    expect(meaningOf('fractured-read')).toBe(
      'a transaction saw part of what another did and missed the rest',
    );
    expect(meaningOf('G0-realtime')).toMatch(/circle, in view of what was over before they began$/);
  });
});
