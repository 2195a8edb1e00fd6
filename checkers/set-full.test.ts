import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { type SetFullOptions, setFull } from './set-full.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';

const verdictOn = (events: readonly OpEvent[], options: SetFullOptions = {}) =>
  setFull(options).check(historyOf(events)) as Verdict;
const check = (text: string, options: SetFullOptions = {}) => verdictOn(brief(text), options);

const added = '0 invoke add 1\n0 ok add 1\n';
const reading = (values: string) => `1 invoke read\n1 ok read ${values}\n`;

it('convicts a lost element and names it, who added it and who missed it last', () => {
  const verdict = check(`${added}${reading('[1]')}${reading('[]')}${reading('[]')}`);
  expect(verdict.valid).toBe('invalid');
  expect(verdict.summary).toBe(
    'the element 1 that process 0 had added by event 1 was missing from 2 later reads, the last by process 1 begun at event 6 (lost: 1)',
  );
});

it('takes a read of null for a read of nothing', () => {
  expect(check(`${added}${reading('[1]')}${reading('null')}`).summary).toContain('(lost: 1)');
});

it('says how long a lost element had been there at least, and how many were tried', () => {
  const crashed = '2 invoke add 9\n2 info add 9\n';
  const { details } = check(`${added}${crashed}${reading('[1]')}${reading('[]')}`);
  expect(details).toMatchObject({
    attempted: 2,
    acknowledged: 1,
    survivedAtLeastNs: { min: 4, max: 4 },
    lost: { count: 1 },
  });
});

it('calls an element stale that turns up again, with how long it was invisible', () => {
  const text = `${added}${reading('[]')}${reading('[]')}${reading('[1]')}`;
  const verdict = check(text);
  expect(verdict.summary).toContain('(stale: 1)');
  expect(verdict.details).toMatchObject({ invisibleAtLeastNs: { p50: 3, max: 3 } });
  expect(check(text, { staleReads: 'allow' }).valid).toBe('valid');
});

it('does not call lost what a read that overlapped the one that missed it saw', () => {
  const text = `${added}2 invoke read\n1 invoke read\n2 ok read [1]\n1 ok read []`;
  expect(check(text).summary).toContain('(stale: 1)');
});

it('holds nothing against a read that overlapped the add', () => {
  expect(
    check(`0 invoke add 1\n1 invoke read\n0 ok add 1\n1 ok read []\n${reading('[1]')}`).valid,
  ).toBe('valid');
});

it('takes an element of a crashed add as known once it was read, and counts it as recovered', () => {
  const crashed = '0 invoke add 1\n0 info add 1\n';
  expect(check(`${crashed}${reading('[]')}${reading('[1]')}`)).toMatchObject({
    valid: 'valid',
    details: { recovered: 1 },
  });
  const { summary } = check(`${crashed}${reading('[1]')}${reading('[]')}`);
  expect(summary).toContain('that process 1 had read by event 3');
});

it.each([
  ['what nobody added', `${added}${reading('[1,2]')}`, 'nobody added (unexpected: 1)'],
  [
    'an add that failed',
    `${added}0 invoke add 2\n0 fail add 2\n${reading('[1,2]')}`,
    'nobody added',
  ],
  ['what is added later', `${reading('[1]')}${added}${reading('[1]')}`, 'had added by then'],
  [
    'an element twice',
    `${added}${reading('[1,1,1]')}`,
    'more than once at event 3 (duplicated: 1)',
  ],
])('convicts a read that shows %s', (_name, text, words) => {
  expect(check(text)).toMatchObject({ valid: 'invalid' });
  expect(check(text).summary).toContain(words);
});

it.each(['', added, `${added}1 invoke read\n1 ok read 1`, `${added}0 invoke remove 1`])(
  'knows nothing from %j',
  (text) => expect(check(text).valid).toBe('unknown'),
);

const values = fc.array(fc.nat(3), { maxLength: 4 });
const exchange = fc
  .record({ read: fc.boolean(), key: fc.constantFrom('a', 'b'), element: fc.nat(2), values })
  .map(({ read, key, element, values: answer }) =>
    read
      ? { op: 'read', key, value: null, answer }
      : { op: 'add', key, value: element, answer: element },
  );

/** Element by element and read by read, straight from the definitions. */
function twin(events: readonly OpEvent[]) {
  const counts = { lost: 0, stale: 0, duplicated: 0, unexpected: 0, seen: 0, neverRead: 0 };
  for (const key of ['a', 'b']) {
    const own = operationsOf(historyOf(events)).filter(({ invoke }) => invoke.key === key);
    const reads = own.flatMap(({ invoke, complete }) =>
      invoke.op === 'read' && complete?.phase === 'ok'
        ? [{ from: invoke.index, to: complete.index, values: complete.value as number[] }]
        : [],
    );
    for (let value = 0; value <= 3; value++) {
      const adds = own.filter(
        ({ invoke, complete }) =>
          invoke.op === 'add' && invoke.value === value && complete?.phase !== 'fail',
      );
      const seeing = reads.filter((read) => read.values.includes(value));
      const early = seeing.filter(({ to }) => !adds.some(({ invoke }) => invoke.index < to));
      counts.unexpected += early.length;
      counts.duplicated += seeing.filter(
        (read) => read.values.filter((each) => each === value).length > 1,
      ).length;
      const fair = seeing.filter((read) => !early.includes(read));
      const known = Math.min(
        ...adds.flatMap(({ complete }) => (complete?.phase === 'ok' ? [complete.index] : [])),
        ...fair.map(({ to }) => to),
      );
      if (known === Infinity) continue;
      const after = reads.filter(({ from }) => from > known);
      const missing = after.filter((read) => !seeing.includes(read));
      const lastMissing = Math.max(...missing.map(({ from }) => from));
      if (fair.length === 0 && after.length === 0) counts.neverRead++;
      else if (missing.length > 0 && fair.every(({ to }) => to < lastMissing)) counts.lost++;
      else {
        counts.seen++;
        if (missing.length > 0) counts.stale++;
      }
    }
  }
  return counts;
}

it('agrees with looking at every element in every read', () => {
  fc.assert(
    fc.property(anyHistory(exchange, 30), (events) => {
      const expected = twin(events);
      const { valid, details } = verdictOn(events);
      const guilty = expected.lost + expected.stale + expected.duplicated + expected.unexpected;
      expect(valid).toBe(guilty > 0 ? 'invalid' : expected.seen > 0 ? 'valid' : 'unknown');
      if (details === undefined) return;
      for (const kind of ['lost', 'stale', 'duplicated', 'unexpected'] as const) {
        expect([kind, details[kind]]).toMatchObject([kind, { count: expected[kind] }]);
      }
      expect(details).toMatchObject({ seen: expected.seen, neverRead: expected.neverRead });
    }),
    { numRuns: 3000 },
  );
});

it('goes through a hundred thousand adds and a long read', () => {
  const count = 100_000;
  const events: OpEvent[] = [];
  const push = (event: Omit<OpEvent, 'index' | 'timeNs' | 'process'>) =>
    events.push({ index: events.length, timeNs: events.length, process: 0, ...event });
  for (let value = 0; value < count; value++) {
    push({ phase: 'invoke', op: 'add', value });
    push({ phase: 'ok', op: 'add', value });
  }
  push({ phase: 'invoke', op: 'read', value: null });
  push({ phase: 'ok', op: 'read', value: Array.from({ length: count }, (_, at) => at) });
  expect(verdictOn(events)).toMatchObject({ valid: 'valid', details: { seen: count } });
});
