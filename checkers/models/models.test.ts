import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../core/json.ts';
import { modelNamed, models } from './index.ts';
import type { ModelOperation } from './model.ts';

const operation = (op: string, input: Json, output: Json = input): ModelOperation => ({
  process: 0,
  op,
  key: null,
  input,
  output,
  phase: 'ok',
});

const lost = (op: string, input: Json): ModelOperation => ({
  ...operation(op, input, null),
  phase: 'info',
});

/** Does operations in turn and describes where that leads; null when one of them cannot happen. */
function after(name: string, operations: readonly ModelOperation[], init?: Json): string | null {
  const model = modelNamed(name, init === undefined ? {} : { init });
  let state = model.init;
  for (const each of operations) {
    const next = model.step(state, each);
    if (next.length === 0) return null;
    [state] = next;
  }
  return model.describeState(state);
}

const enqueue = (value: Json) => operation('enqueue', value);
const dequeue = (value: Json) => operation('dequeue', null, value);
const push = (value: Json) => operation('push', value);
const pop = (value: Json) => operation('pop', null, value);
const cas = (from: Json, to: Json) => operation('cas', [from, to]);
const by = (process: number, op: string, output: Json = null): ModelOperation => ({
  ...operation(op, null, output),
  process,
});
const txn = (...micros: Json[]) => operation('txn', micros);

describe('models', () => {
  it.each<[string, readonly ModelOperation[], string | null]>([
    ['register', [operation('read', null)], 'null'],
    ['register', [operation('write', { a: 1 }), operation('read', null, { a: 1 })], '{"a":1}'],
    ['register', [operation('write', '1'), operation('read', null, 1)], null],
    ['cas-register', [cas(null, 1), cas(1, 2)], '2'],
    ['cas-register', [cas(1, 2)], null],
    ['cas-register', [lost('cas', [1, 2])], 'null'],
    ['cas-register', [{ ...cas(null, 2), phase: 'fail' }], null],
    ['kv', [operation('get', null, null), operation('append', 'a')], '"a"'],
    ['kv', [operation('put', 'a'), operation('append', 'b'), operation('get', null, 'ab')], '"ab"'],
    ['kv', [operation('put', 'a'), operation('delete', null)], 'null'],
    ['kv', [operation('put', 7), operation('append', 'b'), operation('get', null, '7b')], '"7b"'],
    ['kv', [operation('put', 'ab'), cas('ab', { c: 1 }), cas('ab', 1)], null],
    ['kv', [operation('put', 'a'), { ...cas('a', 'b'), phase: 'fail' }], null],
    ['kv', [operation('put', 'a'), lost('cas', ['b', 'c'])], '"a"'],
    ['kv-string', [operation('get', null, '')], '""'],
    ['kv-string', [operation('append', 'ab'), operation('delete', null)], '""'],
    ['append-list', [operation('append', 1), operation('append', 'x')], '[1,"x"]'],
    ['append-list', [operation('read', null, null), operation('append', 1)], '[1]'],
    ['append-list', [operation('append', 1), operation('read', null, [1])], '[1]'],
    ['append-list', [operation('append', 1), operation('read', null, ['1'])], null],
    ['owned-mutex', [by(1, 'acquire'), by(1, 'release'), by(2, 'acquire')], 'held by process 2'],
    ['owned-mutex', [by(1, 'acquire'), by(2, 'release')], null],
    ['owned-mutex', [by(1, 'acquire'), by(1, 'acquire')], null],
    ['reentrant-mutex', [by(1, 'acquire'), by(1, 'acquire')], 'held by process 1 2 times'],
    [
      'reentrant-mutex',
      [by(1, 'acquire'), by(1, 'acquire'), by(1, 'release')],
      'held by process 1',
    ],
    ['reentrant-mutex', [by(1, 'acquire'), by(2, 'acquire')], null],
    ['reentrant-mutex', [by(1, 'release')], null],
    ['fenced-mutex', [by(1, 'acquire', 3), by(1, 'release')], 'free, last token 3'],
    ['fenced-mutex', [by(1, 'acquire', 3), by(1, 'release'), by(2, 'acquire', 3)], null],
    ['fenced-mutex', [by(1, 'acquire', 3), by(2, 'release')], null],
    ['fenced-mutex', [lost('acquire', null)], 'held by process 0'],
    ['unordered-queue', [enqueue(1), enqueue(2), enqueue(1), dequeue(1)], '{1, 2}'],
    ['unordered-queue', [enqueue(1), dequeue(2)], null],
    ['unordered-queue', [enqueue(1), dequeue(null)], null],
    ['unordered-queue', [lost('dequeue', null), dequeue(null)], '{}'],
    ['whole-set', [operation('add', 'b'), operation('add', 'a')], '{"a", "b"}'],
    [
      'whole-set',
      [operation('add', 1), operation('add', 2), operation('read', null, [2, 1])],
      '{1, 2}',
    ],
    ['whole-set', [operation('add', 1), operation('read', null, [1, 1])], null],
    [
      'whole-set',
      [operation('add', 1), operation('remove', 1), operation('read', null, null)],
      '{}',
    ],
    ['whole-set', [operation('contains', 1, [1, false])], '{}'],
    ['mutex', [operation('acquire', null), operation('release', null)], 'free'],
    ['mutex', [operation('acquire', null), operation('acquire', null)], null],
    ['mutex', [lost('release', null)], 'free'],
    ['fifo-queue', [enqueue(1), enqueue(11), dequeue(1)], '[11]'],
    ['fifo-queue', [enqueue(11), dequeue(1)], null],
    ['fifo-queue', [enqueue('a\nb'), enqueue(2), lost('dequeue', null)], '[2]'],
    ['fifo-queue', [dequeue(null), lost('dequeue', null)], '[]'],
    ['fifo-queue', [enqueue(1), dequeue(null)], null],
    ['stack', [push(1), push(21), pop(21)], '[1]'],
    ['stack', [push(21), pop(1)], null],
    ['stack', [push(1), push(2), lost('pop', null), lost('pop', null), pop(null)], '[]'],
    ['priority-queue', [enqueue(10), enqueue(9), enqueue(9), dequeue(9)], '[9,10]'],
    ['priority-queue', [enqueue(10), enqueue(9), dequeue(10)], null],
    ['set', [operation('add', 1), operation('contains', 1, [1, true])], 'present'],
    ['set', [operation('contains', 1, [1, true])], null],
    ['counter', [operation('add', 2), operation('add', -3), operation('read', null, -1)], '-1'],
    ['counter', [operation('decrement', 2), operation('add-and-get', 5, 3)], '3'],
    ['counter', [operation('add-and-get', 5, 4)], null],
    ['multi-register', [txn(['w', 'x', 1], ['r', 'x', 1], ['r', 'y', null])], '{"x":1}'],
    ['multi-register', [txn(['w', 'x', 1]), txn(['read', 'x', 2])], null],
  ])('%s: %j leads to %s', (name, operations, state) => {
    expect(after(name, operations)).toBe(state);
  });

  it.each<[string, Json, ModelOperation]>([
    ['cas-register', 88, operation('read', null, 88)],
    ['kv', 'a', operation('get', null, 'a')],
    ['mutex', true, operation('release', null)],
    ['owned-mutex', 4, by(4, 'release')],
    ['reentrant-mutex', { holder: 4 }, by(4, 'release')],
    ['append-list', [1], operation('read', null, [1])],
    ['unordered-queue', [2, 1], dequeue(1)],
    ['whole-set', [2, 1], operation('read', null, [1, 2])],
    ['fifo-queue', [1, 2], dequeue(1)],
    ['stack', [1, 2], pop(2)],
    ['priority-queue', [2, 1], dequeue(1)],
    ['counter', 5, operation('read', null, 5)],
    ['multi-register', { x: 1 }, txn(['r', 'x', 1])],
  ])('%s can start with %j', (name, init, first) => {
    expect(after(name, [first])).toBeNull();
    expect(after(name, [first], init)).not.toBeNull();
  });

  it.each<[string, ModelOperation, string]>([
    ['cas-register', operation('cas', 3), 'a pair such as [1, 2], got 3'],
    ['counter', operation('add', 'x'), 'a number, got "x"'],
    ['priority-queue', enqueue(null), 'a number, got null'],
    ['multi-register', txn('x'), 'a list such as [["r", "x", null], ["w", "y", 1]]'],
  ])('%s says what it expected instead of %j', (name, wrong, message) => {
    expect(() => after(name, [wrong])).toThrow(message);
  });

  it('fenced-mutex hands out tokens greater than the one it starts with', () => {
    expect(after('fenced-mutex', [by(1, 'acquire', 7)], 7)).toBeNull();
    expect(after('fenced-mutex', [by(1, 'acquire', 8)], 7)).not.toBeNull();
  });

  it('fenced-mutex leaves room for the tokens of crashed acquisitions', () => {
    const unseen = [by(0, 'acquire', 1), by(0, 'release'), lost('acquire', null), by(0, 'release')];
    expect(after('fenced-mutex', [...unseen, by(1, 'acquire', 2)])).toBeNull();
    expect(after('fenced-mutex', [...unseen, by(1, 'acquire', 3)])).not.toBeNull();
  });

  it('reentrant-mutex keeps to its limit', () => {
    const twice = [by(1, 'acquire'), by(1, 'acquire')];
    expect(after('reentrant-mutex', twice, { limit: 2 })).not.toBeNull();
    expect(after('reentrant-mutex', twice, { limit: 1 })).toBeNull();
  });

  it('unordered-queue may have lost any element to a crashed dequeue', () => {
    const model = modelNamed('unordered-queue', { init: [1, 2, 2] });
    const states = model.step(model.init, lost('dequeue', null));
    expect(states.map((state) => model.describeState(state))).toEqual(['{2, 2}', '{1, 2}']);
  });

  it.each<[string, Json, string]>([
    ['counter', 'x', 'expected the initial value to be a number, got "x"'],
    ['mutex', 1, 'expected the initial value to be true, held, or false, free, got 1'],
    ['owned-mutex', 'p', 'expected the holder to be the number of a process, got "p"'],
    ['reentrant-mutex', { most: 2 }, 'expected the initial value to be an object such as'],
    ['reentrant-mutex', { limit: 1, holder: 3, holds: 2 }, 'expected from 1 to 1 holds, got 2'],
    ['reentrant-mutex', { holds: 2 }, 'expected a holder beside the 2 holds, got none'],
    ['reentrant-mutex', { limit: 0 }, 'expected the limit to be an integer of 1 or more, got 0'],
    ['fenced-mutex', 0.5, 'expected a fencing token to be an integer, got 0.5'],
    ['append-list', 'x', 'expected the initial value to be a list of elements, got "x"'],
    ['unordered-queue', { a: 1 }, 'expected the initial value to be a list of elements'],
    ['whole-set', 'x', 'expected the initial value to be a list of elements, got "x"'],
    ['set', [1], 'expected no initial value'],
    ['multi-register', [1], 'expected the initial value to be an object of registers, got [1]'],
  ])('%s refuses to start with %j', (name, init, message) => {
    expect(() => modelNamed(name, { init })).toThrow(message);
  });

  it('stand in docs/models.md, and nothing else does', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/models.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('`')[1]).sort()).toEqual(Object.keys(models).sort());
  });
});
