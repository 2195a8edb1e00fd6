import { describe, expect, it } from 'vitest';
import type { Json } from '../../core/json.ts';
import { modelNamed } from './index.ts';
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
    ['kv-string', [operation('get', null, '')], '""'],
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
    ['multi-register', [txn(['w', 'x', 1], ['r', 'x', 1], ['r', 'y', null])], '{"x":1}'],
    ['multi-register', [txn(['w', 'x', 1]), txn(['read', 'x', 2])], null],
  ])('%s: %j leads to %s', (name, operations, state) => {
    expect(after(name, operations)).toBe(state);
  });

  it.each<[string, Json, ModelOperation]>([
    ['cas-register', 88, operation('read', null, 88)],
    ['kv', 'a', operation('get', null, 'a')],
    ['mutex', true, operation('release', null)],
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
});
