import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../core/history.ts';
import { modelNamed } from '../../models/index.ts';
import { brief } from '../../testing/brief.ts';
import { type Answer, agreed } from '../../testing/monitor-twins.ts';
import { linearizable } from '../linearizable.ts';
import { partsOf } from '../part.ts';
import { createUniqueQueue } from './unique-queue.ts';

const model = modelNamed('fifo-queue');

const applies = (text: string, init?: readonly number[]): boolean => {
  const of = init === undefined ? model : modelNamed('fifo-queue', { init });
  const part = partsOf(historyOf(brief(text)), of)[0]!;
  return createUniqueQueue(of, part.operations) !== null;
};

const verdictOn = (text: string): Answer => {
  const { operations } = partsOf(historyOf(brief(text)), model)[0]!;
  return agreed({ monitor: createUniqueQueue }, model, operations);
};

describe('createUniqueQueue', () => {
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
        'but nobody had begun to enqueue 7 before it returned, except where that failed',
    );
  });
});
