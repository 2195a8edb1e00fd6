import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { type ConvergenceOptions, convergence } from './convergence.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';

const verdictOn = (events: readonly OpEvent[], options: ConvergenceOptions = {}) =>
  convergence(options).check(historyOf(events)) as Verdict;

const write = (process: number, value: number, phase = 'ok') =>
  `${process} invoke write ${value}\n${process} ${phase} write ${value}\n`;
const read = (process: number, value: string) =>
  `${process} invoke read\n${process} ok read ${value}\n`;

it.each<[string, string, ConvergenceOptions, string]>([
  ['replicas that agree', write(0, 1) + read(1, '1') + read(2, '1'), {}, 'valid'],
  ['replicas that differ', write(0, 1) + read(1, '1') + read(2, '0'), {}, 'invalid'],
  ['one that catches up', write(0, 1) + read(1, '0') + read(2, '1') + read(1, '1'), {}, 'valid'],
  ['reads before the last update', read(1, '0') + write(0, 1) + read(2, '1'), {}, 'unknown'],
  [
    'a read that overlaps it',
    '1 invoke read\n' + write(0, 1) + '1 ok read 0\n' + read(2, '1'),
    {},
    'unknown',
  ],
  ['an update that failed', write(0, 2, 'fail') + read(1, '1') + read(2, '2'), {}, 'invalid'],
  ['an update that crashed', write(0, 2, 'info') + read(1, '1') + read(2, '2'), {}, 'unknown'],
  [
    'one that crashed long ago',
    write(0, 2, 'info') + read(1, '1') + read(2, '2'),
    { settleMs: 1e-6 },
    'invalid',
  ],
  ['lists in two orders', write(0, 1) + read(1, '[1,2]') + read(2, '[2,1]'), {}, 'invalid'],
  [
    'sets in two orders',
    write(0, 1) + read(1, '[1,2]') + read(2, '[2,1]'),
    { order: 'ignored' },
    'valid',
  ],
  ['nothing', '', {}, 'unknown'],
])('judges %s', (_name, text, options, expected) => {
  expect(verdictOn(brief(text), options).valid).toBe(expected);
});

it('asks nodes rather than processes, and names them with what they read', () => {
  const nodes = ['n1', 'n2', 'n1', 'n3'];
  const events = ['4', '4', '4', '3'].flatMap((value, at) =>
    brief(read(at, value)).map((event) => ({ ...event, key: 'x', node: nodes[at]! })),
  );
  const history = events.map((event, index) => ({ ...event, index, timeNs: index }));
  expect(verdictOn(history).summary).toBe(
    'after all updates of key "x", node n1 and 1 others read 4 at event 5, but node n3 read 3 at event 7 (diverged: 1)',
  );
});

const exchange = fc
  .record({ reading: fc.nat(2), key: fc.constantFrom('a', 'b'), value: fc.nat(1) })
  .map(({ reading, key, value }) =>
    reading > 0
      ? { op: 'read', key, value: null, answer: value }
      : { op: 'write', key, value, answer: value },
  );

it('agrees with looking at every pair of last reads', () => {
  const seen = { valid: 0, invalid: 0, unknown: 0 };
  fc.assert(
    fc.property(anyHistory(exchange, 20), (events) => {
      const found = { diverged: 0, perhaps: 0, agreed: 0 };
      for (const key of ['a', 'b']) {
        const own = operationsOf(historyOf(events)).filter(({ invoke }) => invoke.key === key);
        const writes = own.filter(
          ({ invoke, complete }) => invoke.op === 'write' && complete?.phase !== 'fail',
        );
        const final = own.filter(
          ({ invoke, complete }) =>
            invoke.op === 'read' &&
            complete?.phase === 'ok' &&
            writes.every(
              (each) => each.complete?.phase !== 'ok' || each.complete.index < invoke.index,
            ),
        );
        const last = final.filter(
          (one) =>
            !final.some(
              (other) =>
                other.invoke.process === one.invoke.process &&
                other.invoke.index > one.invoke.index,
            ),
        );
        if (last.length < 2) continue;
        const differ = last.some((one) =>
          last.some((two) => one.complete!.value !== two.complete!.value),
        );
        const crashed = writes.some(({ complete }) => complete?.phase !== 'ok');
        found[differ ? (crashed ? 'perhaps' : 'diverged') : 'agreed']++;
      }
      const verdict = verdictOn(events);
      seen[verdict.valid]++;
      expect(verdict.details).toMatchObject({
        diverged: { count: found.diverged },
        perhaps: { count: found.perhaps },
        agreed: found.agreed,
      });
      const unsure = found.perhaps > 0 || found.agreed === 0;
      expect(verdict.valid).toBe(found.diverged > 0 ? 'invalid' : unsure ? 'unknown' : 'valid');
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
});
