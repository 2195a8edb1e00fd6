import fc from 'fast-check';
import { expect, it } from 'vitest';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';
import { uniqueIds } from './unique-ids.ts';

const check = (text: string) => uniqueIds.check(historyOf(brief(text))) as Verdict;

it('convicts an identifier that two processes got and names both', () => {
  const verdict = check(`
    0 invoke generate
    1 invoke generate
    0 ok generate 7
    1 ok generate 7
  `);
  expect(verdict.valid).toBe('invalid');
  expect(verdict.summary).toBe(
    'the identifier 7 that process 0 got at event 2 went to process 1 at event 3 too (duplicated: 1)',
  );
});

it('tells a number from a text, and knows nothing of what crashed ones handed out', () => {
  const verdict = check(`
    0 invoke generate
    0 ok generate 7
    0 invoke generate
    0 ok generate "7"
    0 invoke generate
    0 info generate 7
  `);
  expect(verdict).toMatchObject({
    valid: 'valid',
    summary: '2 identifiers, all different',
    details: { attempted: 3, generated: 2, least: 7, greatest: 7 },
  });
});

it.each(['', '0 invoke generate\n0 ok generate'])(
  'knows nothing when no identifier came',
  (text) => {
    expect(check(text).valid).toBe('unknown');
  },
);

it('carries no more than 16 examples and says how many it left out', () => {
  const twenty = Array.from({ length: 21 }, () => '0 invoke generate\n0 ok generate 1').join('\n');
  const { details } = check(twenty);
  expect(details?.duplicated).toMatchObject({ count: 20, leftOut: 4 });
});

it('agrees with comparing every pair', () => {
  const exchange = fc.record({
    op: fc.constant('generate'),
    key: fc.constantFrom('a', 'b'),
    value: fc.constant(null),
    answer: fc.nat(6),
  });
  fc.assert(
    fc.property(anyHistory(exchange), (events) => {
      const got = operationsOf(historyOf(events)).filter(
        ({ complete }) => complete?.phase === 'ok',
      );
      const twice = got.some((one, place) =>
        got
          .slice(0, place)
          .some(
            (other) =>
              other.complete?.value === one.complete?.value && other.invoke.key === one.invoke.key,
          ),
      );
      const expected = got.length === 0 ? 'unknown' : twice ? 'invalid' : 'valid';
      expect((uniqueIds.check(historyOf(events)) as Verdict).valid).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});
