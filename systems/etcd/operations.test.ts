import { describe, expect, it } from 'vitest';
import type { Op, Outcome } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import type { CallResult } from './grpc-session.ts';
import { etcdOperation, outcomeOf } from './operations.ts';
import { bytesField, message, numberField } from './protobuf.ts';

const op = (name: string, value: Json = null): Op => ({ op: name, key: 'k', value });
const answer = (...fields: Uint8Array[]): CallResult => ({ kind: 'ok', body: message(...fields) });
const status = (code: number, text: string): CallResult => ({ kind: 'status', code, text });
const found = (text: string): Uint8Array => bytesField(2, bytesField(5, text));

describe('an operation on etcd', () => {
  it.each<[string, Op, CallResult, Outcome]>([
    ['reads', op('read'), answer(found('5')), { phase: 'ok', value: 5 }],
    ['reads nothing as null', op('read'), answer(), { phase: 'ok', value: null }],
    [
      'shows bytes that nobody wrote',
      op('read'),
      answer(found('{')),
      { phase: 'ok', value: { unreadable: '{' } },
    ],
    ['writes', op('write', 5), answer(), { phase: 'ok', value: 5 }],
    [
      'compares and sets',
      op('cas', [1, 2]),
      answer(numberField(2, 1)),
      { phase: 'ok', value: [1, 2] },
    ],
    [
      'fails where the value is another one',
      op('cas', [1, 2]),
      answer(),
      { phase: 'fail', error: 'the value is not the expected one' },
    ],
    ['deletes', op('delete'), answer(numberField(2, 1)), { phase: 'ok', value: null }],
    [
      'leaves a write in doubt after a time-out of etcd’s',
      op('write', 5),
      status(14, 'etcdserver: request timed out'),
      { phase: 'info', error: 'unavailable: etcdserver: request timed out' },
    ],
    [
      'is sure of a read all the same',
      op('read'),
      status(14, 'etcdserver: leader changed'),
      { phase: 'fail', error: 'unavailable: etcdserver: leader changed' },
    ],
    [
      'is sure of what was refused before it was proposed',
      op('write', 5),
      status(8, 'etcdserver: too many requests'),
      { phase: 'fail', error: 'resource exhausted: etcdserver: too many requests' },
    ],
    [
      'is not sure of another lack',
      op('write', 5),
      status(8, 'grpc: received message larger than max'),
      { phase: 'info', error: 'resource exhausted: grpc: received message larger than max' },
    ],
    [
      'takes a code it does not know for doubt',
      op('write', 5),
      status(99, 'x'),
      { phase: 'info', error: 'code 99: x' },
    ],
    [
      'is in doubt where no answer came',
      op('write', 5),
      { kind: 'lost', reason: 'r' },
      { phase: 'info', error: 'r' },
    ],
    [
      'is sure of what never left',
      op('write', 5),
      { kind: 'unsent', reason: 'r' },
      { phase: 'fail', error: 'r' },
    ],
    [
      'is in doubt after an answer that is none',
      op('cas', [1, 2]),
      { kind: 'ok', body: Uint8Array.of(0x0b) },
      {
        phase: 'info',
        error: "not an answer of etcd's: expected a field of a known kind at byte 1, got tag 11",
      },
    ],
  ])('%s', (_, asked, result, outcome) => {
    const operation = etcdOperation(asked, false);
    expect(outcomeOf(operation!, result)).toEqual(outcome);
  });

  it.each([op('append', 1), op('cas', 1)])('has no call for %j', (asked) => {
    expect(etcdOperation(asked, false)).toBeUndefined();
  });
});
