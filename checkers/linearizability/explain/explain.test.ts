import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../core/history.ts';
import { modelNamed } from '../../models/index.ts';
import { brief } from '../../testing/brief.ts';
import { randomParts } from '../../testing/monitor-twins.ts';
import { createDecider } from '../algorithm.ts';
import { linearizable } from '../linearizable.ts';
import { cutAt } from '../minimise.ts';
import { createMonitor } from '../monitors/index.ts';
import { explain } from './explain.ts';

const models = [
  'cas-register',
  'fifo-queue',
  'stack',
  'priority-queue',
  'set',
  'counter',
  'mutex',
] as const;

describe.each(models)('what is said against operations on a %s', (model) => {
  const tried = { model, monitor: createMonitor, values: [0, 2, 4] };

  it('is never said of an operation whose return can be passed', () => {
    let contradicted = 0;
    const property = fc.property(randomParts(tried, 12), ({ model: made, parts }) => {
      for (const part of parts) {
        for (const [at, returnedAt] of part.operations.returns.entries()) {
          if (returnedAt === Infinity) continue;
          const prefix = cutAt(part, at);
          const place = prefix.records().indexOf(part.records()[at]!);
          if (!explain(made, prefix, place, '').includes('; but ')) continue;
          contradicted++;
          const decider = createDecider(made, prefix.operations, 'porcupine');
          expect(decider.run(Infinity)).toBe('invalid');
        }
      }
    });
    fc.assert(property, { numRuns: 1500 });
    expect(contradicted).toBeGreaterThan(50);
  }, 120_000);
});

const done = (process: number, op: string, asked: string, answer = asked): string =>
  `${process} invoke ${op} ${asked} \n ${process} ok ${op} ${answer}`;

const push = (process: number, value: number) => done(process, 'push', `${value}`);
const pop = (process: number, answer: number | null) => done(process, 'pop', 'null', `${answer}`);
const enqueue = (process: number, value: number) => done(process, 'enqueue', `${value}`);
const dequeue = (process: number, answer: number) => done(process, 'dequeue', 'null', `${answer}`);
const contains = (process: number, present: boolean) =>
  done(process, 'contains', '7', `[7, ${present}]`);

describe('explain', () => {
  it.each([
    [
      'stack',
      [push(0, 1), push(1, 2), pop(2, 1)],
      'pop → 1, from event 4 to event 5; but push 2 (process 1) was over by event 3, before it ' +
        'began, and had begun after the push of 1 was over, and nobody had begun to take that out',
    ],
    [
      'stack',
      [push(0, 1), pop(2, null)],
      'pop → empty, from event 2 to event 3; but push 1 (process 0) was over by event 1, before it ' +
        'began, and nobody had begun to take that out',
    ],
    [
      'stack',
      [pop(2, 5), push(0, 5)],
      'pop → 5, from event 0 to event 1; but nobody had begun to push 5 before it returned, except where that failed',
    ],
    [
      'priority-queue',
      [enqueue(0, 1), enqueue(1, 2), dequeue(2, 2)],
      'dequeue → 2, from event 4 to event 5; but enqueue 1 (process 0) was over by event 1, before ' +
        'it began, and nobody had begun to take that out',
    ],
    [
      'set',
      [done(0, 'add', '7'), contains(1, false)],
      'contains 7 → false, from event 2 to event 3; but add 7 (process 0) was over by event 1, ' +
        'before it began, and nobody has removed it since',
    ],
    [
      'set',
      [contains(1, true)],
      'contains 7 → true, from event 0 to event 1; but nobody had begun to add it before it returned, except where that failed',
    ],
    [
      'counter',
      [done(0, 'add', '2'), done(0, 'add', '1'), done(1, 'read', 'null', '2')],
      'read → 2, from event 4 to event 5; but what had been added before it began makes at least 3, ' +
        'whatever else had begun',
    ],
    [
      'counter',
      [done(0, 'add', '2'), done(1, 'read', 'null', '5')],
      'read → 5, from event 2 to event 3; but all that had begun to be added before it returned ' +
        'makes at most 2',
    ],
    [
      'mutex',
      [done(0, 'acquire', 'null'), done(1, 'acquire', 'null')],
      'acquire, from event 2 to event 3; but acquire (process 0) was over by event 1, before it ' +
        'began, and nobody had begun to release it since',
    ],
    [
      'mutex',
      [done(1, 'release', 'null')],
      'release, from event 0 to event 1; but nobody had begun to acquire it before it returned, except where that failed',
    ],
  ])('says what contradicts an operation on a %s', async (name, lines, sentence) => {
    const history = historyOf(brief(lines.join('\n')));
    const { summary } = await linearizable(modelNamed(name)).check(history);
    expect(summary).toContain(sentence);
  });
});
