import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { isLinearizable } from './linearizability/brute-force.ts';
import { modelNamed } from './models/index.ts';
import { type MonotonicOptions, monotonic } from './monotonic.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';

const verdictOn = (events: readonly OpEvent[], options: MonotonicOptions = {}) =>
  monotonic(options).check(historyOf(events)) as Verdict;
const read = (process: number, value: number) =>
  `${process} invoke read\n${process} ok read ${value}\n`;

it.each<[string, string, MonotonicOptions, string]>([
  ['growing reads', read(0, 1) + read(1, 1) + read(0, 3), {}, 'valid'],
  ['a process that goes back', read(0, 2) + read(0, 1), {}, 'invalid'],
  ['another process that goes back', read(0, 2) + read(1, 1), {}, 'invalid'],
  [
    'another process that goes back, where that is allowed',
    read(0, 2) + read(1, 1) + read(1, 1),
    { realTime: 'allow' },
    'valid',
  ],
  ['reads that overlap', '0 invoke read\n' + read(1, 2) + '0 ok read 1', {}, 'unknown'],
  ['one timestamp twice', read(0, 2) + read(1, 2), { growth: 'strict' }, 'invalid'],
  ['another operation', read(0, 2) + read(0, 1), { reading: 'generate' }, 'unknown'],
  ['a text', '0 invoke read\n0 ok read "a"', {}, 'unknown'],
  ['nothing', '', {}, 'unknown'],
])('judges %s', (_name, text, options, expected) => {
  expect(verdictOn(brief(text), options).valid).toBe(expected);
});

it('names both reads and both processes, the furthest fall first', () => {
  const { summary } = verdictOn(brief(read(0, 5) + read(1, 4) + read(2, 1)));
  expect(summary).toBe(
    'process 2 got 1 at event 5, after process 0 had got 5 at event 1 (inRealTime: 2)',
  );
});

const exchange = fc
  .record({ reading: fc.nat(4), key: fc.constantFrom('a', 'b'), sum: fc.nat(3) })
  .map(({ reading, key, sum }) =>
    reading > 0
      ? { op: 'read', key, value: null, answer: sum }
      : { op: 'add', key, value: 1, answer: 1 },
  );

it('agrees with comparing all pairs', () => {
  const options = fc.record({
    growth: fc.constantFrom('strict' as const, 'weak' as const),
    realTime: fc.constantFrom('convict' as const, 'allow' as const),
  });
  fc.assert(
    fc.property(anyHistory(exchange), options, (events, { growth, realTime }) => {
      const reads = operationsOf(historyOf(events)).filter(
        ({ invoke, complete }) => invoke.op === 'read' && complete?.phase === 'ok',
      );
      const pairs = reads.flatMap((after) =>
        reads
          .filter(({ invoke, complete }) => {
            if (invoke.key !== after.invoke.key) return false;
            return complete!.index < after.invoke.index;
          })
          .map((before) => ({ before, after })),
      );
      const backs = pairs.filter(({ before, after }) => {
        if (realTime === 'allow' && before.invoke.process !== after.invoke.process) return false;
        const [from, to] = [Number(before.complete!.value), Number(after.complete!.value)];
        return growth === 'strict' ? to <= from : to < from;
      });
      const expected = backs.length > 0 ? 'invalid' : pairs.length > 0 ? 'valid' : 'unknown';
      expect(verdictOn(events, { growth, realTime }).valid).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

it('convicts no counter that is linearizable', () => {
  let convicted = 0;
  fc.assert(
    fc.property(anyHistory(exchange, 14), (events) => {
      if (verdictOn(events).valid !== 'invalid') return;
      convicted++;
      expect(isLinearizable(historyOf(events), modelNamed('counter'))).toBe(false);
    }),
    { numRuns: 1500 },
  );
  expect(convicted).toBeGreaterThan(10);
});
