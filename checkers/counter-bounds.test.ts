import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { counterBounds } from './counter-bounds.ts';
import { isLinearizable } from './linearizability/brute-force.ts';
import { modelNamed } from './models/index.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';

const verdictOn = (events: readonly OpEvent[], init = 0) =>
  counterBounds({ init }).check(historyOf(events)) as Verdict;
const check = (text: string, init = 0) => verdictOn(brief(text), init);

const reading = (value: number) => `
  0 invoke add 4
  0 ok add 4
  1 invoke add 2
  1 info add 2
  2 invoke add -1
  0 invoke read
  2 ok add -1
  0 ok read ${value}
`;

it.each([
  [2, 'invalid'],
  [3, 'valid'],
  [6, 'valid'],
  [7, 'invalid'],
])('takes %i for a read of 4, perhaps 2 more and perhaps 1 less as %s', (value, expected) => {
  expect(check(reading(value)).valid).toBe(expected);
});

it('names the read that is furthest outside', () => {
  expect(check(reading(9)).summary).toBe(
    'process 0 read 9 at event 7, where 3 to 6 was possible (outside: 1)',
  );
});

it('counts from the initial value and never counts an add that failed', () => {
  const failed = '0 invoke add 5\n0 fail add 5\n0 invoke read\n0 ok read 15';
  expect(check(failed, 10).valid).toBe('invalid');
  expect(check(failed, 15).valid).toBe('valid');
});

it.each(['', '0 invoke add 1\n0 ok add 1', '0 invoke add 0.5', '0 invoke reset\n0 ok reset'])(
  'knows nothing from %j',
  (text) => expect(check(text).valid).toBe('unknown'),
);

const exchange = fc
  .record({ read: fc.boolean(), amount: fc.integer({ min: -2, max: 3 }), sum: fc.nat(5) })
  .map(({ read, amount, sum }) =>
    read ? { op: 'read', value: null, answer: sum } : { op: 'add', value: amount, answer: amount },
  );

it('agrees with trying every subset of the adds that may have happened', () => {
  fc.assert(
    fc.property(anyHistory(exchange, 16), (events) => {
      const operations = operationsOf(historyOf(events));
      const adds = operations.filter(
        ({ invoke, complete }) => invoke.op === 'add' && complete?.phase !== 'fail',
      );
      const reads = operations.filter(
        ({ invoke, complete }) => invoke.op === 'read' && complete?.phase === 'ok',
      );
      const wrong = reads.filter(({ invoke, complete }) => {
        let sums = [0];
        for (const add of adds) {
          if (add.invoke.index > complete!.index) continue;
          const must = add.complete?.phase === 'ok' && add.complete.index < invoke.index;
          const amount = add.invoke.value as number;
          sums = sums.flatMap((sum) => (must ? [sum + amount] : [sum, sum + amount]));
        }
        const value = complete!.value as number;
        return value < Math.min(...sums) || value > Math.max(...sums);
      });
      const expected = wrong.length > 0 ? 'invalid' : reads.length > 0 ? 'valid' : 'unknown';
      const verdict = verdictOn(events);
      expect(verdict.valid).toBe(expected);
      expect(verdict.details?.outside ?? { count: 0 }).toMatchObject({ count: wrong.length });
    }),
    { numRuns: 1000 },
  );
});

it('convicts nothing that is linearizable', () => {
  const model = modelNamed('counter');
  let convicted = 0;
  fc.assert(
    fc.property(anyHistory(exchange, 14), (events) => {
      if (verdictOn(events).valid !== 'invalid') return;
      convicted++;
      expect(isLinearizable(historyOf(events), model)).toBe(false);
    }),
    { numRuns: 500 },
  );
  expect(convicted).toBeGreaterThan(10);
});
