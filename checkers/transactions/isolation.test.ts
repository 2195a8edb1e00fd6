import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import type { Verdict } from '../../core/verdict.ts';
import { formatNamed } from '../formats/index.ts';
import { brief } from '../testing/brief.ts';
import { isolation } from './isolation.ts';
import { briefTransactions } from './testing/brief-transactions.ts';
import { type WeakLevel, weakLevels } from './weak-levels.ts';

const judge = (text: string, consistency: WeakLevel = 'causal') =>
  isolation({ consistency }).check(briefTransactions(text)) as Verdict;

it.each([
  ['one after another', 'wx1 | rx1 wx2 \n - | - | rx2', 'causal', null],
  ['a causality violation', 'wx1 \n rx1 wy1 \n ry1 rx_', 'read-atomic', 'comes before'],
  [
    'one by way of sessions',
    'wx1 | wx2 | wy1 \n - | - | ry1 | rx1',
    'read-atomic',
    'causality-violation',
  ],
  ['a fractured read', 'wx1 wy1 \n ry_ rx1', 'read-committed', 'fractured-read'],
  ['a session that goes back', 'wx1 | rx_', 'read-committed', 'process 0 did T2 before T1'],
  [
    'a non-repeatable read',
    'wx1 | wx2 \n - | rx1 rx2',
    'read-committed',
    'after it had read it as 1',
  ],
  ['a non-monotonic read', 'wx1 wy1 \n rx1 ry_', null, 'non-monotonic-read'],
  ['a dirty read', 'wx1 ~ \n rx1', null, 'that failed'],
  ['an intermediate read', 'wx1 wx2 \n rx1', null, 'and then replaced'],
  ['garbage', 'rx7', null, 'which nobody wrote'],
  ['an own write not seen', 'wx1 rx_', null, 'after it had itself written 1'],
  ['an own write seen too early', 'rx1 wx1', null, 'which it wrote only later'],
  ['circular information flow', 'wx1 ry1 \n wy1 rx1', null, 'G1c: T1 wrote'],
])('finds the strongest level of %s', (_name, text, strongest, words) => {
  const verdict = judge(text);
  expect(verdict.details?.strongest).toBe(strongest);
  expect(verdict.summary).toContain(words ?? 'causal holds');
  for (const level of weakLevels) {
    const holds =
      strongest !== null && weakLevels.indexOf(level) <= weakLevels.indexOf(strongest as WeakLevel);
    expect(judge(text, level).valid).toBe(holds ? 'valid' : 'invalid');
  }
});

it('knows nothing of real time', () => {
  expect(judge('wx1 \n - | rx_').valid).toBe('valid');
});

it('draws the cycle with its reasons', () => {
  const { details } = judge('wx1 \n rx1 wy1 \n ry1 rx_');
  expect(details?.cycles).toMatchObject([
    {
      anomaly: 'causality-violation',
      transactions: [
        { name: 'T1', process: 2, label: 'read y 1, read x null' },
        { name: 'T2', process: 0, label: 'write x 1' },
        { name: 'T3', process: 1, label: 'read x 1, write y 1' },
      ],
      dependencies: [
        { kind: 'rw', why: 'T1 read x as null, before T2 wrote 1' },
        { kind: 'wr', why: 'T2 wrote 1 to x, and T3 read it' },
        { kind: 'wr', why: 'T3 wrote 1 to y, and T1 read it' },
      ],
    },
  ]);
});

it.each([
  [
    'a value that was written twice',
    'wx1 \n wx1',
    'expected each value to be written once to a key, got 1 written twice',
  ],
  [
    'the initial value written',
    'wx1 | rx1 \n wx_',
    'got null, which is the initial value, written',
  ],
  ['lists', 'ax1', 'expected transactions of ["r", key, value] and ["w", key, value]'],
  ['writes alone', 'wx1', 'no transaction that read anything'],
])('says unknown of %s, and why', (_name, text, words) => {
  const verdict = judge(text);
  expect(verdict.valid).toBe('unknown');
  expect(verdict.summary).toContain(words);
});

it('takes a failed write that is tried again for that of the second', () => {
  expect(judge('wx1 ~ \n wx1 \n rx1').valid).toBe('valid');
});

it('takes another initial value', () => {
  const events = brief('0 invoke txn [["r","x",null]] \n 0 ok txn [["r","x",0]]');
  expect((isolation().check(historyOf(events)) as Verdict).valid).toBe('invalid');
  expect((isolation({ init: 0 }).check(historyOf(events)) as Verdict).valid).toBe('valid');
});

it('names the levels that there are when asked for another', () => {
  expect(() => isolation({ consistency: 'none' })).toThrow('got "none"');
});

/** Published cases; they are not part of this repository. */
const corpus = join(import.meta.dirname, '../../../shared/corpus');

interface Entry {
  readonly file: string;
  readonly family: string;
  readonly format: string;
  readonly levels: Readonly<Record<WeakLevel, boolean>>;
}

describe.skipIf(!existsSync(corpus))(
  'the AWDIT cases in ../shared/corpus (skipped when absent)',
  () => {
    it('have the levels that the manifest says', () => {
      const text = readFileSync(join(corpus, 'manifest.json'), 'utf8');
      const { histories } = JSON.parse(text) as { histories: readonly Entry[] };
      const entries = histories.filter(({ family }) => family === 'awdit');
      const found = entries.map(({ file, format }) => {
        const events = formatNamed(format).read([readFileSync(join(corpus, file), 'utf8')], {
          file,
        });
        const verdict = isolation().check(historyOf([...events])) as Verdict;
        return { file, levels: verdict.details?.levels };
      });
      expect(found).toEqual(entries.map(({ file, levels }) => ({ file, levels })));
      expect(found.length).toBeGreaterThan(8);
    });
  },
);
