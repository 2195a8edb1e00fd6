import { expect, it } from 'vitest';
import { briefTransactions } from './brief-transactions.ts';
import { levelsByBruteForce, levelsOfTwin } from './brute-force.ts';

const anomalies: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing', '', levelsOfTwin],
  ['one after another', 'wx1 | rx1 wx2 \n - | - | rx2', levelsOfTwin],
  ['garbage', 'rx7', []],
  ['a dirty read (G1a)', 'wx1 ~ \n rx1', []],
  ['an intermediate read (G1b)', 'wx1 wx2 \n rx1', []],
  ['circular information flow (G1c)', 'wx1 ry1 \n wy1 rx1', []],
  ['an own write not seen', 'wx1 rx_', []],
  [
    'a non-repeatable read',
    'wx1 | wx2 \n - | rx1 rx2',
    ['read-committed', 'monotonic-atomic-view'],
  ],
  ['a fractured read', 'wx1 wy1 \n ry_ rx1', ['read-committed', 'monotonic-atomic-view']],
  ['a fractured read in the wrong order for read committed', 'wx1 wy1 \n rx1 ry_', []],
  [
    'a causality violation',
    'wx1 \n rx1 wy1 \n ry1 rx_',
    ['read-committed', 'monotonic-atomic-view', 'read-atomic'],
  ],
  [
    'a session that goes back',
    'wx1 | rx_',
    [
      'read-committed',
      'monotonic-atomic-view',
      'parallel-snapshot-isolation',
      'snapshot-isolation',
      'serializable',
    ],
  ],
  [
    'a lost update',
    'rx_ wx1 \n rx_ wx2',
    ['read-committed', 'monotonic-atomic-view', 'read-atomic', 'causal'],
  ],
  [
    'a long fork',
    'wx1 \n wy1 \n rx1 ry_ \n rx_ ry1',
    [
      'read-committed',
      'monotonic-atomic-view',
      'read-atomic',
      'causal',
      'parallel-snapshot-isolation',
    ],
  ],
  [
    'write skew',
    'rx_ ry_ wx1 \n rx_ ry_ wy1',
    levelsOfTwin.filter((level) => !level.endsWith('serializable')),
  ],
  [
    'a stale read by another session',
    'wx1 \n - | rx_',
    levelsOfTwin.filter(
      (level) => !level.startsWith('strict') && level !== 'strong-snapshot-isolation',
    ),
  ],
  ['a crashed write that was seen', 'wx1 ! \n - | rx_ \n - | - | rx1', levelsOfTwin],
  ['a crashed write that was not', 'wx1 ! \n - | rx_', levelsOfTwin],
  ['lists that grow', 'ax1 | ax2 \n rx[] | rx[1] | rx[1,2]', levelsOfTwin],
  ['lists in two orders', 'ax1 \n ax2 \n - | rx[1,2] \n - | rx[2,1]', []],
  [
    'a long fork of lists',
    'ax1 \n ay1 \n rx[1] ry[] \n rx[] ry[1]',
    [
      'read-committed',
      'monotonic-atomic-view',
      'read-atomic',
      'causal',
      'parallel-snapshot-isolation',
    ],
  ],
];

it.each(anomalies)('finds the levels that allow %s', (_name, text, expected) => {
  const levels = levelsByBruteForce(briefTransactions(text));
  expect([...levels].sort()).toEqual([...expected].sort());
});

it('refuses histories that would take for ever', () => {
  const text = Array.from({ length: 9 }, (_, at) => `wx${at}`).join('\n');
  expect(() => levelsByBruteForce(briefTransactions(text))).toThrow('too many transactions: 9');
});
