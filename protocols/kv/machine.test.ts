import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../core/protocol.ts';
import { type KvCommand, applyCommand, emptyMachine, maxSizeBytes, readKey } from './machine.ts';
import { maxSessions } from './sessions.ts';
import { takeSnapshot } from './snapshot.ts';

const ok = (value: string | number | null): Reply => ({ kind: 'ok', value });
const refused = (reason: 'cas-mismatch' | 'wrong-type' | 'no-session' | 'overloaded'): Reply => ({
  kind: 'refused',
  reason,
});
const set = (value: string): KvCommand => ({ op: 'set', key: 'k', value });
const cas = (from: string | null, to: string): KvCommand => ({ op: 'cas', key: 'k', from, to });
const append = (value: string): KvCommand => ({ op: 'append', key: 'k', value });
const incr: KvCommand = { op: 'incr', key: 'k' };
const del: KvCommand = { op: 'del', key: 'k' };

describe('a command of the key-value machine', () => {
  const cases: [string, readonly KvCommand[], Reply, string | null][] = [
    ['set writes', [set('a')], ok(null), 'a'],
    ['cas from the value it holds writes', [set('a'), cas('a', 'b')], ok(null), 'b'],
    [
      'cas from another value changes nothing',
      [set('a'), cas('x', 'b')],
      refused('cas-mismatch'),
      'a',
    ],
    ['cas from null writes an absent key', [cas(null, 'b')], ok(null), 'b'],
    ['cas from null leaves a key alone', [set(''), cas(null, 'b')], refused('cas-mismatch'), ''],
    ['cas from the empty string needs a key', [cas('', 'b')], refused('cas-mismatch'), null],
    ['del says how many it removed', [set('a'), del], ok(1), null],
    ['del of an absent key removes none', [del], ok(0), null],
    ['append creates a key', [append('ab')], ok(2), 'ab'],
    ['append answers the new length', [append('ab'), append('c')], ok(3), 'abc'],
    ['incr counts from nothing', [incr], ok(1), '1'],
    ['incr takes negative numbers', [set('-1'), incr], ok(0), '0'],
    [
      'incr goes up to 2^53-1',
      [set('9007199254740990'), incr],
      ok(2 ** 53 - 1),
      '9007199254740991',
    ],
    [
      'incr stops there',
      [set('9007199254740991'), incr],
      refused('wrong-type'),
      '9007199254740991',
    ],
    [
      'incr starts at -(2^53-1)',
      [set('-9007199254740991'), incr],
      ok(-(2 ** 53) + 2),
      '-9007199254740990',
    ],
    [
      'incr refuses less',
      [set('-9007199254740992'), incr],
      refused('wrong-type'),
      '-9007199254740992',
    ],
    ['every byte passes through', [set('\0\r\n\xff')], ok(null), '\0\r\n\xff'],
  ];

  it.each(cases)('%s', (_, commands, reply, value) => {
    const machine = emptyMachine();
    const replies = commands.map((command, at) => applyCommand(machine, at + 1, command));
    expect(replies.at(-1)).toEqual(reply);
    expect(readKey(machine, 'k')).toEqual(ok(value));
  });

  it.each(['', ' 1', '1 ', '+1', '01', '-0', '1.0', '1e3', 'x', '0x1', '1'.repeat(30)])(
    'incr refuses %j, which is no integer as Redis writes them',
    (text) => {
      const machine = emptyMachine();
      applyCommand(machine, 1, set(text));
      expect(applyCommand(machine, 2, incr)).toEqual(refused('wrong-type'));
      expect(readKey(machine, 'k')).toEqual(ok(text));
    },
  );

  it('is refused once the state would outgrow a snapshot, and deleting makes room again', () => {
    const machine = emptyMachine();
    const big = 'x'.repeat(maxSizeBytes - 100);
    expect(applyCommand(machine, 1, set(big))).toEqual(ok(null));
    expect(applyCommand(machine, 2, append('y'.repeat(100)))).toEqual(refused('overloaded'));
    expect(applyCommand(machine, 3, append(big))).toEqual(refused('overloaded'));
    expect(applyCommand(machine, 4, { op: 'set', key: 'j', value: 'z'.repeat(80) })).toEqual(
      refused('overloaded'),
    );
    applyCommand(machine, 5, del);
    expect(machine.sizeBytes).toBe(0);
    expect(applyCommand(machine, 6, set('a'))).toEqual(ok(null));
  });
});

describe('a session', () => {
  const opened = (): ReturnType<typeof emptyMachine> => {
    const machine = emptyMachine();
    expect(applyCommand(machine, 7, { op: 'open-session' })).toEqual(ok(7));
    return machine;
  };

  it('has its log index as its id, and applies a repeated write once', () => {
    const machine = opened();
    const write: KvCommand = { op: 'append', key: 'k', value: 'a', session: 7, sequence: 1 };
    expect(applyCommand(machine, 8, write)).toEqual(ok(1));
    expect(applyCommand(machine, 9, write)).toEqual(ok(1));
    expect(readKey(machine, 'k')).toEqual(ok('a'));
  });

  it('keeps a refusal too: a cas that failed stays failed when it would now succeed', () => {
    const machine = opened();
    const write: KvCommand = { op: 'cas', key: 'k', from: 'a', to: 'b', session: 7, sequence: 1 };
    expect(applyCommand(machine, 8, write)).toEqual(refused('cas-mismatch'));
    applyCommand(machine, 9, set('a'));
    expect(applyCommand(machine, 10, write)).toEqual(refused('cas-mismatch'));
    expect(readKey(machine, 'k')).toEqual(ok('a'));
  });

  it('answers unknown to a number below the last, and applies nothing', () => {
    const machine = opened();
    applyCommand(machine, 8, { op: 'incr', key: 'k', session: 7, sequence: 5 });
    const reply = applyCommand(machine, 9, { op: 'incr', key: 'k', session: 7, sequence: 4 });
    expect(reply).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('stale') as string,
    });
    expect(readKey(machine, 'k')).toEqual(ok('1'));
  });

  it.each([
    ['was never opened', { session: 8, sequence: 1 }],
    ['comes without a sequence', { session: 7 }],
    ['is missing though there is a sequence', { sequence: 1 }],
  ])('is refused, and nothing applied, when it %s', (_, place) => {
    const machine = opened();
    expect(applyCommand(machine, 9, { op: 'incr', key: 'k', ...place })).toEqual(
      refused('no-session'),
    );
    expect(readKey(machine, 'k')).toEqual(ok(null));
  });

  it('is forgotten when too many are used after it, whichever was opened first', () => {
    const machine = emptyMachine();
    for (let id = 1; id <= maxSessions; id++) applyCommand(machine, id, { op: 'open-session' });
    const incrBy = (session: number, sequence: number): Reply =>
      applyCommand(machine, maxSessions + 10, { op: 'incr', key: 'k', session, sequence });
    expect(incrBy(1, 1)).toEqual(ok(1));
    applyCommand(machine, maxSessions + 1, { op: 'open-session' });
    expect(incrBy(2, 1)).toEqual(refused('no-session'));
    expect(incrBy(1, 1)).toEqual(ok(1));
    expect(incrBy(3, 1)).toEqual(ok(2));
    expect(machine.sessions.byId.size).toBe(maxSessions);
  });
});

const small = fc.constantFrom('a', 'b', '1', '');
const place = fc.constantFrom({}, { session: 1, sequence: 1 }, { session: 2, sequence: 2 });
const key = fc.constantFrom('x', 'y');
const anyCommand: fc.Arbitrary<KvCommand> = fc.oneof(
  fc.constant<KvCommand>({ op: 'open-session' }),
  fc
    .tuple(key, small, place)
    .map(([k, value, at]): KvCommand => ({ op: 'set', key: k, value, ...at })),
  fc
    .tuple(key, small, place)
    .map(([k, value, at]): KvCommand => ({ op: 'append', key: k, value, ...at })),
  fc.tuple(key, place).map(([k, at]): KvCommand => ({ op: 'del', key: k, ...at })),
  fc.tuple(key, place).map(([k, at]): KvCommand => ({ op: 'incr', key: k, ...at })),
  fc
    .tuple(key, fc.option(small), small, place)
    .map(([k, from, to, at]): KvCommand => ({ op: 'cas', key: k, from, to, ...at })),
);

describe('the key-value machine', () => {
  it('is a function of its log, and counts its bytes right', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 60 }), (log) => {
        const [one, other] = [emptyMachine(), emptyMachine()];
        const replies = log.map((command, at) => applyCommand(one, at + 1, command));
        expect(log.map((command, at) => applyCommand(other, at + 1, command))).toEqual(replies);
        expect(takeSnapshot(one)).toBe(takeSnapshot(other));
        const bytes = [...one.values].reduce((sum, [k, v]) => sum + k.length + v.length + 24, 0);
        expect(one.sizeBytes).toBe(bytes);
      }),
    );
  });
});
