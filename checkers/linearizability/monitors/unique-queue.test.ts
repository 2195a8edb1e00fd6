import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../core/history.ts';
import { modelNamed } from '../../models/index.ts';
import { brief } from '../../testing/brief.ts';
import { questionsFor } from '../../testing/questions.ts';
import { type HistoryShape, randomHistory } from '../../testing/random-history.ts';
import { isLinearizable } from '../brute-force.ts';
import { linearizable } from '../linearizable.ts';
import { cutAt } from '../minimise.ts';
import { type Part, type TimedOperation, partsOf } from '../part.ts';
import { createSearch } from '../search.ts';
import { createUniqueQueue } from './unique-queue.ts';

const model = modelNamed('fifo-queue');

const shapes = (operations: number): fc.Arbitrary<HistoryShape> =>
  fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    operations: fc.integer({ min: 3, max: operations }),
    clients: fc.integer({ min: 1, max: 5 }),
    crashes: fc.constantFrom(0, 0.15, 0.4),
    mutations: fc.integer({ min: 0, max: 2 }),
    // Few values are enqueued twice, which the monitor must leave to the search.
    values: fc.constantFrom(0, 0, 0, 0, 5),
  });

/** The history of a shape as its single part, null when nothing is left of it. */
function queueOf(shape: HistoryShape) {
  const history = historyOf(randomHistory(model, questionsFor['fifo-queue']!, shape));
  const part = partsOf(history, model)[0] ?? null;
  return { history, part };
}

/** Compares with the general search, also in the operation that could not be passed. */
function agrees(operations: readonly TimedOperation[]): 'valid' | 'invalid' | 'declined' {
  const monitor = createUniqueQueue(model, operations);
  if (monitor === null) return 'declined';
  const search = createSearch(model, operations);
  const answer = search.run(Infinity);
  expect(monitor.run(Infinity)).toBe(answer);
  const stuck = monitor.stuck();
  if (stuck !== null) {
    const returns = [stuck, search.stuck() ?? -1].map((at) => operations[at]?.returnedAt);
    expect(returns[0]).toBe(returns[1]);
  }
  return answer === 'valid' ? 'valid' : 'invalid';
}

/** Runs a comparison on many random histories; each answer must come up often. */
function compareMany(
  shape: fc.Arbitrary<HistoryShape>,
  numRuns: number,
  transform: (part: Part, pick: number) => readonly TimedOperation[],
): void {
  const seen = { valid: 0, invalid: 0, declined: 0 };
  fc.assert(
    fc.property(shape, fc.nat(), (drawn, pick) => {
      const { part } = queueOf(drawn);
      if (part !== null) seen[agrees(transform(part, pick))]++;
    }),
    { numRuns },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(numRuns / 100);
}

const applies = (text: string, init?: readonly number[]): boolean => {
  const of = init === undefined ? model : modelNamed('fifo-queue', { init });
  const part = partsOf(historyOf(brief(text)), of)[0]!;
  return createUniqueQueue(of, part.operations) !== null;
};

const verdictOn = (text: string): 'valid' | 'invalid' | 'declined' =>
  agrees(partsOf(historyOf(brief(text)), model)[0]!.operations);

describe('createUniqueQueue', () => {
  it('agrees with exhaustive search on small histories', () => {
    const seen = { valid: 0, invalid: 0, declined: 0 };
    fc.assert(
      fc.property(shapes(7), (shape) => {
        const { history, part } = queueOf(shape);
        if (part === null) return;
        const monitor = createUniqueQueue(model, part.operations);
        const answer = monitor?.run(Infinity) ?? null;
        seen[answer ?? 'declined']++;
        if (answer !== null) expect(answer === 'valid').toBe(isLinearizable(history, model));
      }),
      { numRuns: 12_000 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(200);
  }, 60_000);

  it('agrees with the general search on longer histories', () => {
    compareMany(shapes(18), 4000, ({ operations }) => operations);
  }, 60_000);

  it('agrees with the general search when events fall on the same moment', () => {
    compareMany(shapes(12), 3000, ({ operations }, pick) => {
      const grain = 2 + (pick % 4);
      return operations.map((each) => ({
        ...each,
        calledAt: Math.floor(each.calledAt / grain),
        returnedAt: Math.floor(each.returnedAt / grain),
      }));
    });
  }, 60_000);

  it('agrees with the general search on prefixes, where known results may not have happened', () => {
    compareMany(shapes(16), 3000, (part, pick) => {
      return cutAt(part, pick % part.operations.length).operations;
    });
  }, 60_000);

  it('does not apply when a value comes twice, is null, or was there at the start', () => {
    const enqueue = (value: string): string => `0 invoke enqueue ${value} \n 0 ok enqueue ${value}`;
    expect(applies(enqueue('1'))).toBe(true);
    expect(applies(enqueue('1'), [2])).toBe(false);
    expect(applies(enqueue('null'))).toBe(false);
    expect(applies(`${enqueue('1')} \n ${enqueue('1')}`)).toBe(false);
  });

  it('sees a queue that two values in turns keep from being empty', () => {
    const inTurns = (secondReturnsFirst: boolean): string => {
      const events = ['1 ok enqueue 2', '2 invoke dequeue'];
      const [first, second] = secondReturnsFirst ? events : events.toReversed();
      return `
        0 invoke enqueue 1
        0 ok enqueue 1
        3 invoke dequeue
        1 invoke enqueue 2
        ${first}
        ${second}
        2 ok dequeue 1
        3 ok dequeue null
      `;
    };
    expect(verdictOn(inTurns(true))).toBe('invalid');
    expect(verdictOn(inTurns(false))).toBe('valid');
  });

  it('lets a dequeue of unknown result take one value and not two', () => {
    const lost = (values: number): string => {
      const all = Array.from({ length: values }, (_, at) => at);
      return `
        ${all.map((each) => `0 invoke enqueue ${each} \n 0 ok enqueue ${each}`).join('\n')}
        1 invoke dequeue
        1 info dequeue
        2 invoke dequeue
        2 ok dequeue null
      `;
    };
    expect(verdictOn(lost(1))).toBe('valid');
    expect(verdictOn(lost(2))).toBe('invalid');
  });
});

describe('the evidence against a queue of different values', () => {
  const summaryOf = async (text: string): Promise<string> =>
    (await linearizable(model).check(historyOf(brief(text)))).summary;
  const enqueue = (process: number, value: number): string =>
    `${process} invoke enqueue ${value} \n ${process} ok enqueue ${value}`;
  const dequeue = (process: number, value: number | null): string =>
    `${process} invoke dequeue \n ${process} ok dequeue ${value}`;

  it('names the value that was overtaken', async () => {
    const text = [enqueue(0, 1), enqueue(1, 2), dequeue(2, 2), dequeue(3, 1)].join('\n');
    expect(await summaryOf(text)).toBe(
      'not linearizable: process 2: dequeue → 2, from event 4 to event 5; ' +
        'but enqueue 1 (process 0) was over by event 1, before the enqueue of 2 began, ' +
        'and nobody had begun to take that out',
    );
  });

  it('names the value that was in a queue said to be empty', async () => {
    expect(await summaryOf([enqueue(0, 1), dequeue(1, null)].join('\n'))).toBe(
      'not linearizable: process 1: dequeue → empty, from event 2 to event 3; ' +
        'but enqueue 1 (process 0) was over by event 1, before it began, ' +
        'and nobody had begun to take that out',
    );
  });

  it('names the other dequeue of a value, or says that nobody enqueued it', async () => {
    const twice = [enqueue(0, 1), dequeue(1, 1), dequeue(2, 1)].join('\n');
    expect(await summaryOf(twice)).toBe(
      'not linearizable: process 2: dequeue → 1, from event 4 to event 5; ' +
        'but dequeue → 1 (process 1) was over by event 3, and only one enqueue of 1 had begun',
    );
    expect(await summaryOf([dequeue(1, 7), enqueue(0, 7)].join('\n'))).toBe(
      'not linearizable: process 1: dequeue → 7, from event 0 to event 1; ' +
        'but nobody had begun to enqueue 7 before it returned',
    );
  });
});
