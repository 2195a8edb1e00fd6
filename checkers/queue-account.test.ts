import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf, operationsOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { formatNamed } from './formats/index.ts';
import { isLinearizable } from './linearizability/brute-force.ts';
import { modelNamed } from './models/index.ts';
import { anyHistory } from './testing/any-history.ts';
import { brief } from './testing/brief.ts';
import { type QueueOptions, totalQueue } from './total-queue.ts';
import { unorderedQueue } from './unordered-queue.ts';

const total = (events: readonly OpEvent[], options: QueueOptions = {}) =>
  totalQueue(options).check(historyOf(events)) as Verdict;
const unordered = (events: readonly OpEvent[], options: QueueOptions = {}) =>
  unorderedQueue(options).check(historyOf(events)) as Verdict;

const put = (value: number) => `0 invoke enqueue ${value}\n0 ok enqueue ${value}\n`;
const crashedPut = (value: number) => `5 invoke enqueue ${value}\n5 info enqueue ${value}\n`;
const take = (value: number | null) => `1 invoke dequeue\n1 ok dequeue ${value}\n`;
const crashedTake = '6 invoke dequeue\n6 info dequeue\n';
const drain = (values: string) => `2 invoke drain\n2 ok drain ${values}\n`;

it.each([
  ['all came out', put(1) + put(2) + take(2) + take(1), 'valid', 'valid'],
  ['some may be left', put(1) + put(2) + take(1), 'unknown', 'valid'],
  ['one is gone', put(1) + put(2) + take(2) + take(null), 'invalid', 'invalid'],
  ['a drain misses one', put(1) + put(2) + drain('[2]'), 'invalid', 'invalid'],
  ['a drain has all', put(1) + put(2) + drain('[2,1]'), 'valid', 'valid'],
  ['a crash took it', put(1) + put(2) + crashedTake + take(2) + take(null), 'unknown', 'unknown'],
  ['a crash took one', put(1) + put(2) + crashedTake + take(null), 'invalid', 'invalid'],
  [
    'a crash came later',
    put(1) + put(2) + take(2) + take(null) + crashedTake,
    'invalid',
    'invalid',
  ],
  ['one came twice', put(1) + take(1) + take(1), 'invalid', 'invalid'],
  ['one went in twice', put(1) + put(1) + take(1) + take(1), 'valid', 'valid'],
  ['a crash put it there', crashedPut(1) + take(1), 'valid', 'valid'],
  ['it came from nowhere', put(1) + take(1) + take(2), 'invalid', 'invalid'],
  ['it came too early', take(1) + put(1) + take(1), 'invalid', 'invalid'],
  [
    'a failed put came out',
    '0 invoke enqueue 1\n0 fail enqueue 1\n' + take(1),
    'invalid',
    'invalid',
  ],
  ['nothing came out', put(1), 'unknown', 'unknown'],
  ['a peek may do anything', put(1) + '1 invoke peek\n1 ok peek 1', 'unknown', 'unknown'],
] as const)('when %s', (_name, text, asTotal, asUnordered) => {
  expect(total(brief(text)).valid).toBe(asTotal);
  expect(unordered(brief(text)).valid).toBe(asUnordered);
});

it('names the lost element, who put it there and who found the queue empty', () => {
  expect(total(brief(put(1) + put(2) + take(2) + take(null))).summary).toBe(
    'the element 1 that process 0 had enqueued by event 1 never came out, and process 1 found the queue empty at event 7 (lost: 1)',
  );
});

it('lets an element come out again where that is allowed, and still counts it', () => {
  const verdict = total(brief(put(1) + take(1) + take(1)), { delivery: 'at-least-once' });
  expect(verdict).toMatchObject({ valid: 'valid', details: { duplicated: { count: 1 } } });
});

it('counts elements of crashed enqueues that came out', () => {
  const { details } = total(brief(crashedPut(1) + crashedPut(2) + take(1)));
  expect(details).toMatchObject({ recovered: 1, delivered: 1 });
});

const exchange = fc
  .record({ put: fc.boolean(), value: fc.nat(2), answer: fc.constantFrom(null, 0, 1, 2) })
  .map(({ put: putting, value, answer }) =>
    putting ? { op: 'enqueue', value, answer: value } : { op: 'dequeue', value: null, answer },
  );

/** Whether crashed dequeues can be given one missing element each: every way is tried. */
function canBeTaken(deadlines: readonly number[], takers: readonly number[]): boolean {
  const [first, ...others] = deadlines;
  if (first === undefined) return true;
  return takers.some(
    (taker, place) => taker < first && canBeTaken(others, takers.toSpliced(place, 1)),
  );
}

/** One value and one event at a time, straight from the definitions. */
function twin(events: readonly OpEvent[]) {
  const operations = operationsOf(historyOf(events));
  const ok = operations.filter(({ complete }) => complete?.phase === 'ok');
  const empties = ok.filter(
    ({ complete }) => complete!.op === 'dequeue' && complete!.value === null,
  );
  const deadlines: number[] = [];
  let odd = 0;
  for (const value of [0, 1, 2]) {
    const puts = operations.filter(
      ({ invoke, complete }) =>
        invoke.op === 'enqueue' && invoke.value === value && complete?.phase !== 'fail',
    );
    let delivered = 0;
    for (const event of events) {
      if (event.op !== 'dequeue' || event.phase !== 'ok' || event.value !== value) continue;
      const begun = puts.filter(({ invoke }) => invoke.index < event.index).length;
      if (delivered < begun) delivered++;
      else odd++;
    }
    const acknowledged = puts
      .flatMap(({ complete }) => (complete?.phase === 'ok' ? [complete.index] : []))
      .sort((one, other) => one - other);
    for (const index of acknowledged.slice(delivered)) {
      const ends = empties.filter(({ invoke }) => invoke.index > index);
      const deadline = Math.min(...ends.map(({ complete }) => complete!.index));
      if (deadline < Infinity) deadlines.push(deadline);
    }
  }
  const takers = operations
    .filter(
      ({ invoke, complete }) =>
        invoke.op === 'dequeue' && (complete === undefined || complete.phase === 'info'),
    )
    .map(({ invoke }) => invoke.index);
  return odd > 0 || !canBeTaken(deadlines, takers) ? 'invalid' : 'not invalid';
}

it('agrees with trying every way in which crashed dequeues took what is missing', () => {
  fc.assert(
    fc.property(anyHistory(exchange), (events) => {
      const expected = twin(events);
      for (const { valid } of [total(events), unordered(events)]) {
        expect(valid === 'invalid' ? valid : 'not invalid').toBe(expected);
      }
    }),
    { numRuns: 2000 },
  );
});

it('convicts nothing that is linearizable', () => {
  const model = modelNamed('fifo-queue');
  let convicted = 0;
  fc.assert(
    fc.property(anyHistory(exchange, 14), (events) => {
      if (unordered(events).valid !== 'invalid') return;
      convicted++;
      expect(isLinearizable(historyOf(events), model)).toBe(false);
    }),
    { numRuns: 500 },
  );
  expect(convicted).toBeGreaterThan(10);
});

const corpus = join(import.meta.dirname, '../../shared/corpus');

describe.skipIf(!existsSync(corpus))('recorded queues (skipped without ../shared/corpus)', () => {
  it.each([
    ['adversarial/queue-crashed-dequeue-once.jsonl', 'invalid'],
    ['adversarial/queue-empty-lie.jsonl', 'valid'],
    ['adversarial/queue-crashed-enqueue.jsonl', 'valid'],
    ['adversarial/queue-concurrent-enqueues.jsonl', 'valid'],
    ['synthetic/queue-n1000-c10-dup-deq.jsonl', 'invalid'],
    ['synthetic/queue-n300-c5-dup-deq.jsonl', 'invalid'],
    ['synthetic/queue-n1000-c10-x3.jsonl', 'unknown'],
    ['synthetic/queue-n1000-c10-fifo.jsonl', 'valid'],
  ] as const)('%s, order and untimely emptiness aside, is %s', (file, expected) => {
    const text = readFileSync(join(corpus, file), 'utf8');
    const events = [...formatNamed('jsonl').read([text], { file })];
    expect(unorderedQueue().check(historyOf(events))).toMatchObject({ valid: expected });
  });
});
