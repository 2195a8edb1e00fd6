import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { isLinearizable } from './linearizability/brute-force.ts';
import { type LockOptions, lock } from './lock.ts';
import { modelNamed } from './models/index.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';

const verdictOn = (events: readonly OpEvent[], options: LockOptions = {}) =>
  lock(options).check(historyOf(events)) as Verdict;
const check = (text: string, options: LockOptions = {}) => verdictOn(brief(text), options);

const acquire = (process: number, token: number | null = null) =>
  `${process} invoke acquire\n${process} ok acquire ${token}\n`;
const release = (process: number, phase = 'ok') =>
  `${process} invoke release\n${process} ${phase} release\n`;
const write = (process: number, token: number, phase = 'ok') =>
  `${process} invoke write [${token}, "x"]\n${process} ${phase} write [${token}, "x"]\n`;

describe('mutual exclusion', () => {
  it('convicts two that held the lock at once and names both, with times', () => {
    const verdict = check(acquire(0, 3) + acquire(1, 4) + release(0) + release(1));
    expect(verdict.valid).toBe('invalid');
    expect(verdict.summary).toBe(
      'process 0 (token 3) got the lock by event 1 and called release at event 4, but process 1 (token 4) had it by event 3 (twoHolders: 1)',
    );
  });

  it.each<[string, string, LockOptions, string]>([
    ['one after the other', acquire(0) + release(0) + acquire(1) + release(1), {}, 'valid'],
    [
      'a lock handed over while the release is under way',
      acquire(0) + '0 invoke release\n' + acquire(1) + '0 ok release\n' + release(1),
      {},
      'valid',
    ],
    ['a second holder that never came back', acquire(0) + acquire(1) + release(0), {}, 'invalid'],
    ['a holder that never came back', acquire(0) + acquire(1) + release(1), {}, 'unknown'],
    ['the same without leases', acquire(0) + acquire(1), { lease: 'none' }, 'invalid'],
    ['the same after its lease', acquire(0) + acquire(1), { lease: 2e-6 }, 'valid'],
    ['the same before the end of its lease', acquire(0) + acquire(1), { lease: 4e-6 }, 'invalid'],
    [
      'a crashed release',
      acquire(0) + release(0, 'info') + acquire(1) + release(1),
      { lease: 'none' },
      'valid',
    ],
    [
      'a crashed release after another had the lock',
      acquire(0) + acquire(1) + release(0, 'info') + release(1),
      { lease: 'none' },
      'invalid',
    ],
    [
      'the same where leases may end',
      acquire(0) + acquire(1) + release(0, 'info') + release(1),
      {},
      'unknown',
    ],
    [
      'a release that failed',
      acquire(0) + release(0, 'fail') + acquire(1) + release(1),
      { lease: 'none' },
      'invalid',
    ],
    [
      'a release by somebody who held nothing',
      acquire(0) + release(1) + acquire(2) + release(0),
      { lease: 'none' },
      'unknown',
    ],
    ['a lock acquired twice', acquire(0) + acquire(0) + release(0) + release(0), {}, 'invalid'],
    [
      'the same where it may be',
      acquire(0) + acquire(0) + release(0) + release(0),
      { reentrant: true },
      'valid',
    ],
    [
      'a failed acquire',
      acquire(0) + '1 invoke acquire\n1 fail acquire\n' + release(0),
      {},
      'valid',
    ],
    ['another operation', '0 invoke steal\n0 ok steal', {}, 'unknown'],
    ['nothing', '', {}, 'unknown'],
  ])('judges %s', (_name, text, options, expected) => {
    expect(check(text, options).valid).toBe(expected);
  });
});

describe('fencing', () => {
  const turn = (process: number, token: number) => acquire(process, token) + release(process);

  it.each([
    ['growing tokens', turn(0, 1) + turn(1, 5), 'valid'],
    ['a token that goes back', turn(0, 5) + turn(1, 1), 'invalid'],
    ['a token handed out twice', turn(0, 5) + turn(1, 5), 'invalid'],
    ['a write with the newest token', turn(0, 1) + write(0, 1) + turn(1, 2) + write(1, 2), 'valid'],
    ['a write with an older token', turn(0, 1) + turn(1, 2) + write(1, 2) + write(0, 1), 'invalid'],
    ['the same refused', turn(0, 1) + turn(1, 2) + write(1, 2) + write(0, 1, 'fail'), 'valid'],
    ['an older token first', turn(0, 1) + turn(1, 2) + write(0, 1) + write(1, 2), 'valid'],
    ['a write without a token', '0 invoke write 7\n0 ok write 7', 'unknown'],
  ])('judges %s', (_name, text, expected) => {
    expect(check(text).valid).toBe(expected);
  });

  it('convicts one token given to two whose acquisitions overlapped', () => {
    const text = '0 invoke acquire\n1 invoke acquire\n0 ok acquire 3\n1 ok acquire 3\n';
    expect(check(text).details).toMatchObject({ tokenOrder: { count: 1 } });
  });
});

const exchange = fc
  .record({ kind: fc.nat(5), key: fc.constantFrom('a', 'b'), token: fc.nat(3) })
  .map(({ kind, key, token }) => {
    if (kind < 2) return { op: 'acquire', key, value: null, answer: token };
    if (kind < 4) return { op: 'release', key, value: null, answer: null };
    return { op: 'write', key, value: [token], answer: [token] };
  });

/** Every pair of operations, straight from the definitions, without leases of known length. */
function twin(events: readonly OpEvent[], lease: 'none' | 'unknown') {
  const counts = { twoHolders: 0, tokenOrder: 0, staleWrites: 0, perhaps: 0 };
  const all = operationsOf(historyOf(events));
  const acquired = all.filter(
    ({ invoke, complete }) => invoke.op === 'acquire' && complete?.phase === 'ok',
  );
  const holds = acquired.map((one) => {
    const at = one.complete!.index;
    const { process, key } = one.invoke;
    let depth = 0;
    let end = Infinity;
    let sure = lease === 'none';
    for (const other of all.filter(({ invoke }) => invoke.process === process)) {
      const { op, key: on, index } = other.invoke;
      if (on !== key || index < at || end < Infinity) continue;
      const phase = other.complete?.phase ?? 'info';
      if (op === 'acquire' && phase === 'ok') depth++;
      if (op !== 'release' || (phase === 'fail' && lease === 'none')) continue;
      if (depth-- > 0) continue;
      end = index;
      sure ||= phase === 'ok';
    }
    return { one, at, key, end, sure };
  });
  const ends = new Set(holds.map(({ end }) => end));
  const foreign = all.filter(
    ({ invoke, complete }) =>
      invoke.op === 'release' && complete?.phase !== 'fail' && !ends.has(invoke.index),
  );
  for (const two of holds) {
    const over = holds.filter((one) => one.key === two.key && one.at < two.at && two.at < one.end);
    const sureAt = ({ key, at, sure }: (typeof holds)[number]) =>
      sure &&
      !foreign.some(
        ({ invoke }) => invoke.key === key && invoke.index > at && invoke.index <= two.at,
      );
    // A hold that may be over early may be over when its acquire returns, unless it began in between.
    const within = (one: (typeof holds)[number]) => two.sure || one.at < two.one.invoke.index;
    if (over.some((one) => sureAt(one) && within(one))) counts.twoHolders++;
    else if (over.length > 0) counts.perhaps++;
  }
  const rising = (some: typeof all, valueOf: (one: (typeof all)[number]) => number) =>
    some.filter((after) =>
      some.some(
        (before) =>
          before.invoke.key === after.invoke.key &&
          before.complete!.index < after.invoke.index &&
          valueOf(before) > valueOf(after),
      ),
    ).length;
  const writes = all.filter(
    ({ invoke, complete }) => invoke.op === 'write' && complete?.phase === 'ok',
  );
  counts.staleWrites = rising(writes, ({ invoke }) => (invoke.value as number[])[0]!);
  counts.tokenOrder = acquired.filter((after) =>
    acquired.some((before) => {
      if (before === after || before.invoke.key !== after.invoke.key) return false;
      const [one, other] = [Number(before.complete!.value), Number(after.complete!.value)];
      if (before.complete!.index < after.invoke.index && one >= other) return true;
      return before.complete!.index < after.complete!.index && one === other;
    }),
  ).length;
  return counts;
}

it.each(['none', 'unknown'] as const)('agrees with all pairs, leases being %s', (lease) => {
  const seen = { valid: 0, invalid: 0, unknown: 0 };
  fc.assert(
    fc.property(anyHistory(exchange, 24), (events) => {
      const expected = twin(events, lease);
      const { valid, details } = verdictOn(events, { lease });
      seen[valid]++;
      for (const kind of ['twoHolders', 'tokenOrder', 'staleWrites', 'perhaps'] as const) {
        expect([kind, details?.[kind]]).toMatchObject([kind, { count: expected[kind] }]);
      }
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
});

it('convicts no lock that is linearizable as one that only its holder releases', () => {
  const calls = fc
    .boolean()
    .map((held) => ({ op: held ? 'release' : 'acquire', value: null, answer: null }));
  let convicted = 0;
  fc.assert(
    fc.property(anyHistory(calls, 14), (events) => {
      const failed = operationsOf(historyOf(events)).flatMap(({ invoke, complete }) =>
        complete?.phase === 'fail' ? [invoke, complete] : [],
      );
      const kept = events.filter((event) => !failed.includes(event));
      if (verdictOn(kept, { lease: 'none' }).valid !== 'invalid') return;
      convicted++;
      const owned = modelNamed('owned-mutex');
      expect(isLinearizable(historyOf(kept), owned)).toBe(false);
    }),
    { numRuns: 1500 },
  );
  expect(convicted).toBeGreaterThan(10);
});
