import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import type { Verdict } from '../../core/verdict.ts';
import { formatNamed } from '../formats/index.ts';
import { brief } from '../testing/brief.ts';
import { assumptions, rwRegister } from './rw-register.ts';
import { briefTransactions } from './testing/brief-transactions.ts';
import { randomTransactions } from './testing/random-transactions.ts';

const judge = (text: string, consistency = 'strict-serializable', assume: string[] = []) =>
  rwRegister({ consistency, assume }).check(briefTransactions(text)) as Verdict;

it.each([
  ['saw the rest only later', 'wx1 wy1 \n ry_ rx1', 'valid'],
  ['missed the rest later', 'wx1 wy1 \n rx1 ry_', 'invalid'],
  ['saw all', 'wx1 wy1 \n rx1 ry1', 'valid'],
] as const)('a view is monotonic and atomic, or not, of who %s', (_, text, expected) => {
  expect(judge(text, 'monotonic-atomic-view').valid).toBe(expected);
  expect(judge(text, 'read-committed').valid).toBe('valid');
});

/** The weakest level that an anomaly forbids, and the next below it, which stays. */
it.each<readonly [string, string, string, string, string | null]>([
  ['garbage', 'rx7', 'garbage-read', 'read-uncommitted', null],
  ['a dirty read', 'wx1 ~ \n rx1', 'G1a', 'read-committed', 'read-uncommitted'],
  ['an intermediate read', 'wx1 wx2 \n rx1', 'G1b', 'read-committed', 'read-uncommitted'],
  ['circular information flow', 'wx1 ry1 \n wy1 rx1', 'G1c', 'read-committed', 'read-uncommitted'],
  ['an own write not seen', 'wx1 rx_', 'internal', 'read-atomic', 'read-committed'],
  ['an own write seen early', 'rx1 wx1', 'future-read', 'read-committed', 'read-uncommitted'],
  [
    'two reads that differ',
    'wx1 | wx2 \n - | rx1 rx2',
    'internal',
    'read-atomic',
    'read-committed',
  ],
  [
    'a lost update',
    'wx0 \n - | rx0 wx1 \n - | rx0 wx2',
    'lost-update',
    'snapshot-isolation',
    'causal',
  ],
  ['one of the first value', 'rx_ wx1 \n rx_ wx2', 'lost-update', 'snapshot-isolation', 'causal'],
  ['a fractured read', 'wx1 wy1 \n ry_ rx1', 'G-single', 'snapshot-isolation', 'read-committed'],
  [
    'a long fork',
    'wx1 \n wy1 \n rx1 ry_ \n rx_ ry1',
    'G-nonadjacent',
    'snapshot-isolation',
    'causal',
  ],
  [
    'write skew',
    'rx_ ry_ wx1 \n rx_ ry_ wy1',
    'G2-item',
    'serializable',
    'strong-snapshot-isolation',
  ],
  [
    'a session that goes back',
    'wx1 | rx_',
    'G-single-process',
    'strong-session-serializable',
    'serializable',
  ],
  [
    'a stale read',
    'wx1 \n - | rx_',
    'G-single-realtime',
    'strict-serializable',
    'strong-session-serializable',
  ],
  [
    'a stale read between writes',
    'wx1 \n - | wx2 \n - | - | rx1',
    'G-single-realtime',
    'strict-serializable',
    'serializable',
  ],
])('convicts %s', (_name, ...rest) => {
  const [text, anomaly, forbidden, allowed] = rest;
  const verdict = judge(text, forbidden);
  expect(verdict.valid).toBe('invalid');
  expect(verdict.details?.anomalies).toHaveProperty(anomaly);
  expect(judge(text).valid).toBe('invalid');
  if (allowed !== null) expect(judge(text, allowed).valid).toBe('valid');
});

it.each([
  ['transactions one after another', 'wx1 | rx1 wx2 \n - | - | rx2'],
  ['a crashed write that was seen', 'wx1 ! \n - | rx_ \n - | - | rx1'],
  ['a crashed write that was not', 'wx1 ! \n - | rx_'],
  ['a failed write', 'wx1 ~ | rx_'],
])('proves %s strict serializable by an order', (_name, text) => {
  const verdict = judge(text);
  expect(verdict.valid).toBe('valid');
  expect(verdict.summary).toContain('one order of them all explains every read');
  expect(verdict.details?.proof).toMatchObject({ kind: 'proven', level: 'strict-serializable' });
});

describe('histories of the front end of Elle, which looks for circles alone', () => {
  it('are garbage where a value was read that nobody wrote, unless it was there from the start', () => {
    const unwritten = 'wx2 | rx3 | rx2';
    expect(judge(unwritten).summary).toContain('garbage-read');
    const judgeFrom3 = (consistency: string) =>
      rwRegister({ consistency, init: 3 }).check(briefTransactions(unwritten)) as Verdict;
    expect(judgeFrom3('serializable').valid).toBe('valid');
    expect(judgeFrom3('strong-session-serializable').valid).toBe('invalid');
  });

  it('are stale where a value was read that had been replaced before', () => {
    const both = 'rx_ | - | wx100 | - | rx100 | - \n - | rx_ | - | wx200 | - | rx200';
    expect(judge(both).summary).toContain('G-single-realtime');
    expect(judge(both, 'strong-session-serializable').valid).toBe('valid');
    const crossed = 'rx_ | - | wx100 | - | rx200 | - \n - | rx_ | - | wx200 | - | rx100';
    expect(judge(crossed, 'strong-session-serializable').valid).toBe('invalid');
    expect(judge(crossed, 'serializable').valid).toBe('valid');
  });
});

it('convicts where no cycle shows, by trying all orders', () => {
  // Whichever of 1 and 2 was written to x first, a circle closes; but no read tells which it was.
  const verdict = judge('wx1 \n ry_ wx2 \n ry3 rx2 \n rx1 wy3', 'serializable');
  expect(verdict.valid).toBe('invalid');
  expect(verdict.summary).toContain('no order of the transactions explains what they read');
  expect(verdict.details?.proof).toMatchObject({ kind: 'refuted' });
});

it('names both transactions and the reason of every step', () => {
  const { summary, details } = judge('wx1 \n - | wx2 \n - | - | rx1');
  expect(summary).toContain(
    'T1 read x as 1, before T2 wrote 2, because 1 was there before the transaction of process 1',
  );
  expect(details?.cycles).toMatchObject([
    { anomaly: 'G-single-realtime', dependencies: [{ kind: 'rw' }, { kind: 'realtime' }] },
  ]);
});

it('believes what it is told to assume of keys', () => {
  const text = 'wx1 | wx2 \n - | - | rx2 | rx1';
  expect(judge(text, 'serializable').valid).toBe('valid');
  for (const assume of ['linearizable-keys', 'sequential-keys']) {
    expect(judge(text, 'serializable', [assume]).valid).toBe('invalid');
  }
  expect(judge(text, 'serializable', ['wfr-keys']).valid).toBe('valid');
  expect(() => rwRegister({ assume: ['luck'] })).toThrow(
    `one of ${Object.keys(assumptions).join(', ')}`,
  );
});

it.each([
  ['a value written twice', 'wx1 \n wx1', 'got 1 written twice to x'],
  ['lists', 'ax1', 'expected transactions of ["r", key, value]'],
  ['writes alone', 'wx1', 'no transaction that read anything'],
])('says unknown of %s', (_name, text, words) => {
  expect(judge(text)).toMatchObject({
    valid: 'unknown',
    summary: expect.stringContaining(words) as string,
  });
});

it('says unknown when it runs out of steps, never anything wrong', () => {
  let unknown = 0;
  for (let seed = 0; seed < 200; seed++) {
    const shape = {
      seed,
      transactions: 12,
      clients: 4,
      keys: 3,
      steps: 4,
      crashes: 0,
      failures: 0,
    };
    const history = historyOf(
      randomTransactions({ ...shape, store: 'serial', mutations: 0, writes: 'w' }),
    );
    const verdict = rwRegister().check(history, { maxSteps: 20 }) as Verdict;
    if (verdict.valid === 'unknown') unknown++;
    expect(verdict.valid).not.toBe('invalid');
  }
  expect(unknown).toBeGreaterThan(50);
});

it('takes another initial value', () => {
  const history = historyOf(brief('0 invoke txn [["r","x",null]] \n 0 ok txn [["r","x",0]]'));
  expect((rwRegister().check(history) as Verdict).valid).toBe('invalid');
  expect((rwRegister({ init: 0 }).check(history) as Verdict).valid).toBe('valid');
});

/** Recorded and made histories; they are not part of this repository. */
const corpus = join(import.meta.dirname, '../../../shared/corpus');

interface Entry {
  readonly file: string;
  readonly model: string;
  readonly format: string;
  readonly expected: string;
  readonly levels?: Readonly<Record<string, boolean>>;
  readonly anomalies?: readonly string[];
}

describe.skipIf(!existsSync(corpus))('in ../shared/corpus (skipped when absent)', () => {
  const text = existsSync(corpus) ? readFileSync(join(corpus, 'manifest.json'), 'utf8') : '{}';
  const { histories = [] } = JSON.parse(text) as { histories?: readonly Entry[] };
  const named = (model: string) =>
    histories.filter((each) => each.model === model && each.format === 'jsonl');

  it.each(
    [...named('rw-register'), ...named('multi-register')].map((each) => [each.file, each] as const),
  )(
    '%s is judged as the manifest says',
    (file, { format, expected, levels = {}, anomalies = [] }) => {
      const read = formatNamed(format).read([readFileSync(join(corpus, file), 'utf8')], { file });
      const history = historyOf([...read]);
      const verdict = rwRegister().check(history) as Verdict;
      expect(verdict.valid).toBe(expected);
      for (const anomaly of anomalies) expect(verdict.details?.anomalies).toHaveProperty(anomaly);
      for (const [level, holds] of Object.entries(levels)) {
        const { valid } = rwRegister({ consistency: level }).check(history) as Verdict;
        expect([level, valid]).toEqual([level, holds ? 'valid' : 'invalid']);
      }
    },
  );
});
