import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import type { Verdict } from '../../core/verdict.ts';
import { bank } from '../bank.ts';
import { formatNamed } from '../formats/index.ts';
import { brief } from '../testing/brief.ts';
import { longFork } from './long-fork.ts';
import { rwRegister } from './rw-register.ts';
import { briefTransactions } from './testing/brief-transactions.ts';

const judge = (text: string) => longFork.check(briefTransactions(text)) as Verdict;

it.each([
  [
    'reads that agree',
    'wx1 \n wy1 \n rx1 ry_ \n ry1 rx1',
    'valid',
    'no two saw writes in opposite orders',
  ],
  [
    'a long fork',
    'wx1 \n wy1 \n rx1 ry_ \n rx_ ry1',
    'invalid',
    'process 2 saw "x" written and "y" not',
  ],
  ['the same in another order of keys', 'rx1 ry_ \n ry1 rx_', 'invalid', 'forks: 1'],
  [
    'one behind reads that agree',
    'rx_ ry_ rz_ \n rx1 ry_ rz_ \n rx_ ry1 rz1',
    'invalid',
    'process 2',
  ],
  ['other groups', 'rx1 ry_ \n ry1 rz_', 'valid', '2 groups'],
  ['crashed and failed reads', 'rx1 ry_ \n rx_ ry1 ! \n rx_ ry1 ~', 'valid', '1 reads'],
  [
    'keys written twice',
    'wx1 \n wx2 \n rx1 ry_',
    'unknown',
    'expected each key to be written once, got 1 and 2',
  ],
  ['transactions that do both', 'wx1 ry_', 'unknown', 'expected reads such as'],
  ['nothing', '', 'unknown', 'no read succeeded'],
])('judges %s', (_name, text, valid, words) => {
  const verdict = judge(text);
  expect(verdict.valid).toBe(valid);
  expect(verdict.summary).toContain(words);
});

it('refuses operations that it does not know', () => {
  const history = historyOf(brief('0 invoke cas [1,2]\n0 ok cas [1,2]'));
  expect(longFork.check(history)).toMatchObject({ valid: 'unknown' });
});

it('agrees with a comparison of all pairs, and convicts only what is no snapshot isolation', () => {
  const value = fc.constantFrom('_', '1');
  const sight = fc.tuple(value, value, value).map(([x, y, z]) => `rx${x} ry${y} rz${z}`);
  let convicted = 0;
  fc.assert(
    fc.property(fc.array(sight, { minLength: 1, maxLength: 5 }), (reads) => {
      const text = ['wx1', 'wy1', 'wz1', ...reads].join('\n');
      const masks = reads.map((read) => read.match(/[_1]/g) ?? []);
      const forked = masks.some((one) =>
        masks.some(
          (other) =>
            one.some((each, at) => each === '1' && other[at] === '_') &&
            one.some((each, at) => each === '_' && other[at] === '1'),
        ),
      );
      expect(judge(text).valid).toBe(forked ? 'invalid' : 'valid');
      if (forked) convicted++;
      const level = rwRegister({ consistency: 'snapshot-isolation' });
      expect(level.check(briefTransactions(text))).toMatchObject({
        valid: forked ? 'invalid' : 'valid',
      });
    }),
    { numRuns: 1000 },
  );
  expect(convicted).toBeGreaterThan(100);
});

/** Published cases; they are not part of this repository. */
const corpus = join(import.meta.dirname, '../../../shared/corpus');

describe.skipIf(!existsSync(corpus))(
  "Elle's cases in ../shared/corpus (skipped when absent)",
  () => {
    it.each([
      ['elle-cli/long-fork.edn', 'jepsen-edn', longFork, 'invalid'],
      ['elle-cli/bank.edn', 'jepsen-edn', bank({ total: 100 }), 'valid'],
      ['elle-cli/bank-negative-balances.json', 'jepsen-json', bank({ total: 100 }), 'invalid'],
    ] as const)('%s is judged as the manifest says', async (file, format, checker, expected) => {
      const read = formatNamed(format).read([readFileSync(join(corpus, file), 'utf8')], { file });
      expect((await checker.check(historyOf([...read]))).valid).toBe(expected);
    });
  },
);
