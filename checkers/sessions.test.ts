import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Validity, Verdict } from '../core/verdict.ts';
import { isLinearizable } from './linearizability/brute-force.ts';
import { modelNamed } from './models/index.ts';
import { type Guarantee, guarantees } from './sessions/guarantees.ts';
import { sessions } from './sessions.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';

const verdictOn = (events: readonly OpEvent[]) => sessions().check(historyOf(events)) as Verdict;
const write = (process: number, value: number) =>
  `${process} invoke write ${value}\n${process} ok write ${value}\n`;
const read = (process: number, value: number | null) =>
  `${process} invoke read\n${process} ok read ${value}\n`;
const both = write(0, 1) + write(1, 2);

it.each([
  ['monotonic reads', both + read(2, 1) + read(2, 2) + read(2, 1), 'invalid'],
  ['reading the initial value again', both + read(2, 1) + read(2, null), 'invalid'],
  ['read your writes', write(0, 1) + write(0, 2) + read(0, 1), 'invalid'],
  ['monotonic writes', write(0, 1) + write(0, 2) + read(1, 2) + read(1, 1), 'invalid'],
  [
    'writes follow reads',
    write(0, 1) + read(1, 1) + write(1, 2) + read(2, 2) + read(2, 1),
    'invalid',
  ],
  ['another write seen', both + read(0, 2), 'valid'],
  ['two that disagree', both + read(2, 1) + read(2, 2) + read(3, 2) + read(3, 1), 'valid'],
  [
    'a late crashed write',
    '0 invoke write 1\n0 info write 1\n' + write(0, 2) + read(1, 2) + read(1, 1),
    'valid',
  ],
  ['a value written twice', write(0, 1) + write(1, 1), 'unknown'],
  ['a value never written', read(0, 7), 'unknown'],
  ['nothing', '', 'unknown'],
])('judges %s', (_name, text, expected) => {
  expect(verdictOn(brief(text)).valid).toBe(expected);
});

it('names the process, the values and the times', () => {
  const { summary } = verdictOn(brief(both + read(2, 1) + read(2, 2) + read(2, 1)));
  expect(summary).toContain('process 2 read 2 after it read 1 at event 7');
  expect(summary).toContain('process 2 read 1 after it read 2 at event 9');
});

const exchange = fc
  .record({ reading: fc.boolean(), answer: fc.constantFrom(null, 1, 2, 3) })
  .map(({ reading, answer }) =>
    reading ? { op: 'read', value: null, answer } : { op: 'write', value: 0, answer: 0 },
  );

/** Gives every write a value of its own, in order of invocation. */
const unique = anyHistory(exchange).map((events) => {
  let count = 0;
  const current = new Map<number, number>();
  const named = events.map((event) => {
    if (event.op !== 'write') return event;
    if (event.phase === 'invoke') current.set(event.process, ++count);
    return { ...event, value: current.get(event.process)! };
  });
  return named.map((event) => {
    if (event.op === 'write' || event.phase !== 'ok' || event.value === null) return event;
    // A read of the last value may be of a write that failed, and then nothing follows.
    return { ...event, value: Math.min(event.value as number, count) || null };
  });
});

const kindOf = {
  'read read': 'monotonic-reads',
  'write read': 'read-your-writes',
  'write write': 'monotonic-writes',
  'read write': 'writes-follow-reads',
} as const;

/** For each process, the closure of all pairs that it must respect if the wanted guarantees hold. */
function twin(events: readonly OpEvent[], wanted: readonly Guarantee[] = guarantees): boolean {
  const all = operationsOf(historyOf(events)).filter(
    ({ invoke, complete }) =>
      complete?.phase === 'ok' || (invoke.op === 'write' && complete?.phase !== 'fail'),
  );
  const valueOf = (each: (typeof all)[number]) =>
    Number((each.invoke.op === 'write' ? each.invoke : each.complete!).value);
  return [...new Set(all.map(({ invoke }) => invoke.process))].some((process) => {
    const pairs = new Set<string>();
    const size = 30;
    for (const [place, after] of all.entries()) {
      if (after.invoke.op === 'write') pairs.add(`0 ${valueOf(after)}`);
      if (after.invoke.op === 'read' && after.invoke.process !== process) continue;
      for (const before of all.slice(0, place)) {
        if (before.complete?.phase !== 'ok') continue;
        if (before.invoke.process !== after.invoke.process) continue;
        const kind = `${before.invoke.op} ${after.invoke.op}` as keyof typeof kindOf;
        if (!wanted.includes(kindOf[kind])) continue;
        if (valueOf(before) !== valueOf(after)) pairs.add(`${valueOf(before)} ${valueOf(after)}`);
      }
    }
    for (let middle = 0; middle < size; middle++) {
      for (let from = 0; from < size; from++) {
        if (!pairs.has(`${from} ${middle}`)) continue;
        for (let to = 0; to < size; to++) {
          if (pairs.has(`${middle} ${to}`)) pairs.add(`${from} ${to}`);
        }
      }
    }
    return Array.from({ length: size }, (_, value) => value).some((value) =>
      pairs.has(`${value} ${value}`),
    );
  });
}

it.each<[string, string, Partial<Record<Guarantee, Validity>>]>([
  [
    'a read that went back',
    both + read(2, 1) + read(2, 2) + read(2, 1),
    { 'monotonic-reads': 'invalid' },
  ],
  ['a write that went missing', write(0, 1) + read(0, null), { 'read-your-writes': 'invalid' }],
  [
    'a write that an older one of the same process hides',
    write(0, 1) + write(0, 2) + read(0, 1),
    { 'read-your-writes': 'unknown', 'monotonic-writes': 'unknown' },
  ],
  [
    'an order of writes that another process saw reversed',
    write(0, 1) + write(0, 2) + read(1, 2) + read(1, 1),
    { 'monotonic-reads': 'unknown', 'monotonic-writes': 'unknown' },
  ],
  ['nothing wrong', both + read(0, 2), {}],
])('tells of %s which guarantee is broken, and which may be', (_name, text, blamed) => {
  const { parts = [] } = verdictOn(brief(text));
  const found = Object.fromEntries(parts.map(({ checker, valid }) => [checker, valid]));
  const fine = Object.fromEntries(guarantees.map((each) => [each, 'valid']));
  expect(found).toEqual({ ...fine, ...blamed });
});

it('blames every guarantee, alone or with others, as the closure does', () => {
  const subsets = fc.oneof(fc.subarray([...guarantees], { minLength: 1 }), {
    arbitrary: fc.constant(guarantees),
    weight: 3,
  });
  const blamed = { invalid: 0, unknown: 0 };
  fc.assert(
    fc.property(unique, subsets, (events, wanted) => {
      const verdict = sessions({ guarantees: wanted }).check(historyOf(events)) as Verdict;
      if (verdict.valid === 'unknown') return;
      expect(verdict.valid).toBe(twin(events, wanted) ? 'invalid' : 'valid');
      for (const { checker, valid } of verdict.parts ?? []) {
        const alone = twin(events, [checker as Guarantee]);
        expect([checker, valid === 'invalid']).toEqual([checker, alone]);
        if (valid !== 'valid') blamed[valid]++;
        // Who is not to blame can be left out, and the rest is as broken as before.
        const others = wanted.filter((each) => each !== checker);
        if (valid === 'valid') expect(twin(events, others)).toBe(verdict.valid === 'invalid');
      }
    }),
    { numRuns: 4000 },
  );
  expect(Math.min(...Object.values(blamed))).toBeGreaterThan(3);
});

it('agrees with the closure of all pairs, and convicts nothing that is linearizable', () => {
  const seen = { invalid: 0, valid: 0, unknown: 0 };
  fc.assert(
    fc.property(unique, (events) => {
      const { valid } = verdictOn(events);
      seen[valid]++;
      if (valid === 'unknown') return;
      expect(valid).toBe(twin(events) ? 'invalid' : 'valid');
      if (valid === 'invalid') {
        expect(isLinearizable(historyOf(events), modelNamed('register'))).toBe(false);
      }
    }),
    { numRuns: 4000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
});
