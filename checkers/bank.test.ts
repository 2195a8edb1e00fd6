import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { type BankOptions, bank } from './bank.ts';
import { formatNamed } from './formats/index.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';

const check = (text: string, options: BankOptions = {}) =>
  bank(options).check(historyOf(brief(text))) as Verdict;

const conserved = `
  0 invoke read
  1 invoke transfer {"from":"a","to":"b","amount":3}
  0 ok read {"a":10,"b":0}
  1 info transfer {"from":"a","to":"b","amount":3}
  0 invoke read
  0 ok read {"a":7,"b":3}
`;

it('takes a crashed transfer as one that may have happened', () => {
  expect(check(conserved)).toMatchObject({ valid: 'valid', details: { reads: 2 } });
});

it('convicts money made of nothing and names the read that is furthest off', () => {
  const verdict = check(`
    0 invoke read
    0 ok read [10,0]
    1 invoke read
    1 ok read [10,1]
    1 invoke read
    1 ok read [10,3]
  `);
  expect(verdict.valid).toBe('invalid');
  expect(verdict.summary).toBe(
    'process 1 read a total of 13 at event 5, where 10 was expected (wrongTotal: 2)',
  );
});

it('holds every read against the total that it was given', () => {
  expect(check(conserved, { total: 10 }).valid).toBe('valid');
  expect(check(conserved, { total: 11 }).details?.wrongTotal).toMatchObject({ count: 2 });
});

const overdrawn =
  '0 invoke read\n0 ok read {"a":11,"b":-1}\n0 invoke read\n0 ok read {"a":10,"b":0}';

it('convicts a balance below zero unless told to allow it', () => {
  const verdict = check(overdrawn);
  expect(verdict.summary).toContain('a balance of -1 in account b at event 1');
  expect(verdict.valid).toBe('invalid');
  expect(check(overdrawn, { negativeBalances: 'allow' }).valid).toBe('valid');
});

it('convicts reads that do not show the accounts that there are', () => {
  const verdict = check(conserved, { accounts: ['a', 'b', 'c'] });
  expect(verdict.valid).toBe('invalid');
  expect(verdict.summary).toBe(
    'process 0 read balances at event 2 without the accounts c (wrongAccounts: 2)',
  );
  expect(check(conserved, { accounts: ['a'] }).summary).toContain('with the accounts b');
  expect(check(conserved, { accounts: ['b', 'a'] }).valid).toBe('valid');
});

it.each([
  ['', 'no read succeeded'],
  ['0 invoke read\n0 ok read [1,2]', 'one read only'],
  ['0 invoke read\n0 ok read [1,null]', 'safe integers, got [1,null] at event 1'],
  ['0 invoke deposit 3\n0 ok deposit 3', 'got deposit'],
])('knows nothing from %j', (text, reason) => {
  expect(check(text)).toMatchObject({ valid: 'unknown' });
  expect(check(text).summary).toContain(reason);
});

it('agrees with comparing every pair of reads', () => {
  const accounts = fc.constantFrom([5, 5], [4, 6], [10, 0], [6, 5], [11, -1], [12, -2]);
  const exchange = fc.record({
    op: fc.constantFrom('read', 'transfer'),
    key: fc.constantFrom('a', 'b'),
    value: fc.constant(null),
    answer: accounts,
  });
  fc.assert(
    fc.property(anyHistory(exchange), fc.boolean(), (events, allow) => {
      const reads = operationsOf(historyOf(events)).filter(
        ({ complete }) => complete?.phase === 'ok' && complete.op === 'read',
      );
      const seen = reads.map(({ complete }) => ({
        key: complete!.key,
        balances: complete!.value as number[],
      }));
      const sum = (balances: number[]) => balances.reduce((one, other) => one + other, 0);
      const differ = seen.some((one) =>
        seen.some((other) => one.key === other.key && sum(one.balances) !== sum(other.balances)),
      );
      const below = !allow && seen.some(({ balances }) => balances.some((each) => each < 0));
      const lonely = ['a', 'b'].some((key) => seen.filter((one) => one.key === key).length === 1);
      const checker = bank({ negativeBalances: allow ? 'allow' : 'convict' });
      const verdict = checker.check(historyOf(events)) as Verdict;
      const unsure = seen.length === 0 || lonely;
      expect(verdict.valid).toBe(differ || below ? 'invalid' : unsure ? 'unknown' : 'valid');
    }),
    { numRuns: 1000 },
  );
});

const corpus = join(import.meta.dirname, '../../shared/corpus/elle-cli');

describe.skipIf(!existsSync(corpus))('published runs (skipped without ../shared/corpus)', () => {
  it.each([
    ['bank.edn', 'jepsen-edn', 'valid'],
    ['bank-negative-balances.json', 'jepsen-json', 'invalid'],
  ] as const)('%s in %s is %s', (file, format, expected) => {
    const text = readFileSync(join(corpus, file), 'utf8');
    const events = [...formatNamed(format).read([text], { file })];
    expect(bank({ total: 100 }).check(historyOf(events))).toMatchObject({ valid: expected });
  });
});
