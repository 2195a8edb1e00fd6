import { describe, expect, it } from 'vitest';
import type { CheckContext } from '../../core/checker.ts';
import type { HistoryEvent, OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Model } from '../models/model.ts';
import { modelNamed } from '../models/index.ts';
import { questionsFor } from '../testing/questions.ts';
import { type HistoryShape, randomHistory } from '../testing/random-history.ts';
import { brief } from '../testing/brief.ts';
import type { Algorithm } from './algorithm.ts';
import { type LinearizabilityEvidence, linearizable } from './index.ts';

const registers = modelNamed('cas-register');

const check = async (
  model: Model,
  events: readonly HistoryEvent[],
  { algorithm = 'auto', ...context }: CheckContext & { readonly algorithm?: Algorithm } = {},
) => {
  const verdict = await linearizable(model, { algorithm }).check(historyOf(events), context);
  return { verdict, evidence: verdict.details as unknown as LinearizabilityEvidence };
};

const staleRead = brief(`
  0 invoke write 1
  0 ok write 1
  1 invoke write 2
  1 ok write 2
  2 invoke read
  2 ok read 1
`);

const shape: HistoryShape = {
  seed: 0,
  operations: 30,
  clients: 3,
  crashes: 0.1,
  mutations: 0,
  values: 3,
};

/** Many random histories side by side, each on a key of its own. */
function manyKeys(name: string, keys: number, of: Partial<HistoryShape>): OpEvent[] {
  const questions = questionsFor[name];
  if (questions === undefined) throw new Error(`no questions for ${name}`);
  const all = Array.from({ length: keys }, (_, key) =>
    randomHistory(modelNamed(name), questions, { ...shape, ...of, seed: key }).map((event) => ({
      ...event,
      key,
      process: event.process + key * 1000,
    })),
  );
  return all.flat().map((event, index) => ({ ...event, index }));
}

/** One register, a few values written many times by clients that overlap: some work for a search. */
const hard = randomHistory(registers, questionsFor['cas-register']!, {
  ...shape,
  operations: 200,
  clients: 8,
  crashes: 0.05,
  mutations: 1,
});

/** Remembers the order of everything, and allows no read. */
const endless: Model<string> = {
  name: 'endless',
  summary: 'remembers the order of everything',
  operations: ['read', 'write'],
  init: '',
  step: (state, { op, input }) => (op === 'read' ? [] : [`${state} ${JSON.stringify(input)}`]),
  stateKey: (state) => state,
  partition: () => null,
  describeOperation: ({ op }) => op,
  describeState: (state) => state,
};

/** Sixteen writes at once have more orders than anyone can try. */
const manyOrders = brief(
  [
    ...Array.from({ length: 16 }, (_, at) => `${at} invoke write ${at}`),
    ...Array.from({ length: 16 }, (_, at) => `${at} ok write ${at}`),
    '0 invoke read',
    '0 ok read 1',
  ].join('\n'),
);

describe('linearizable', () => {
  it('accepts the empty history', async () => {
    expect((await check(registers, [])).verdict.valid).toBe('valid');
  });

  it('names the write that a stale read missed', async () => {
    const { verdict, evidence } = await check(registers, staleRead);
    expect(verdict.valid).toBe('invalid');
    expect(verdict.summary).toBe(
      'not linearizable: process 2: read → 1, from event 4 to event 5; but write 2 (process 1) ' +
        'was over by event 3, before it began, and nobody has written the older value since',
    );
    expect(evidence.failures).toHaveLength(1);
    expect(evidence.failures[0]).toMatchObject({
      key: null,
      model: 'cas-register',
      window: { fromNs: 4, toNs: 5 },
      linearization: [
        { operation: 0, state: '1' },
        { operation: 1, state: '2' },
      ],
      stuck: [2],
      omitted: 0,
    });
    expect(evidence.failures[0]?.operations.map(({ label }) => label)).toEqual([
      'write 1',
      'write 2',
      'read → 1',
    ]);
  });

  it('tells times and nodes where they were recorded', async () => {
    const timed = staleRead.map((event) => ({ ...event, timeNs: event.index * 5e8, node: 'n3' }));
    const { verdict } = await check(registers, timed);
    expect(verdict.summary).toContain('process 2 on n3: read → 1, from 2.0000 s to 2.5000 s');
  });

  it('drops what a violation does not need', async () => {
    const before = brief(`
      5 invoke write 7
      5 ok write 7
      6 invoke read
      6 ok read 7
    `);
    const after = brief(`
      5 invoke write 8
      5 ok write 8
    `);
    const events = [...before, ...staleRead, ...after].map((event, index) => ({ ...event, index }));
    const { evidence } = await check(registers, events);
    expect(evidence.failures[0]?.operations.map(({ label }) => label)).toEqual([
      'write 1',
      'write 2',
      'read → 1',
    ]);
  });

  it('names the failing key and only that one', async () => {
    const good = brief('0 invoke write 1 \n 0 ok write 1').map((each) => ({
      ...each,
      key: 'good',
    }));
    const bad = staleRead.map((event) => ({ ...event, key: 'bad', index: event.index + 2 }));
    const { verdict, evidence } = await check(registers, [...good, ...bad]);
    expect(verdict.summary).toMatch(/^not linearizable: key bad: process 2/);
    expect(evidence).toMatchObject({ partitions: 2, operations: 4, unknownKeys: [] });
    expect(evidence.failures.map(({ key }) => key)).toEqual(['bad']);
  });

  it('says which algorithms judged how many parts', async () => {
    const unique = staleRead.map((event) => ({ ...event, key: 'unique' }));
    const twice = brief(`
      5 invoke write 1
      5 ok write 1
      5 invoke write 1
      5 ok write 1
      5 invoke read
      5 ok read 1
    `).map((event) => ({ ...event, key: 'twice' }));
    const events = [...unique, ...twice].map((event, index) => ({ ...event, index }));
    const { evidence } = await check(registers, events);
    expect(evidence.algorithms).toMatchObject({ 'unique-register': 1 });
    const { evidence: searched } = await check(registers, events, { algorithm: 'porcupine' });
    expect(searched.algorithms).toEqual({ porcupine: 2 });
  });

  it('lets the initial value be chosen', async () => {
    const events = brief('0 invoke read \n 0 ok read 88');
    expect((await check(registers, events)).verdict.valid).toBe('invalid');
    const from88 = modelNamed('cas-register', { init: 88 });
    expect((await check(from88, events)).verdict.valid).toBe('valid');
  });

  it('takes a failed cas as an assertion only when asked to', async () => {
    const history = historyOf(
      brief(`
        0 invoke write 1
        0 ok write 1
        1 invoke cas [1,2]
        1 fail cas [1,2]
      `),
    );
    expect((await linearizable(registers).check(history)).valid).toBe('valid');
    const asserting = linearizable(registers, { failedCas: 'assert' });
    expect((await asserting.check(history)).valid).toBe('invalid');
  });

  it('says which operations the model knows when the history has others', async () => {
    const { verdict } = await check(registers, brief('0 invoke enqueue 1 \n 0 ok enqueue 1'));
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toContain('read, write, cas');
    expect(verdict.summary).toContain('"enqueue" at event 0');
  });

  it('shows at most sixty operations and counts the others', async () => {
    const acquire = (process: number): string =>
      `${process} invoke acquire\n${process} ok acquire\n`;
    const release = (process: number): string =>
      `${process} invoke release\n${process} ok release\n`;
    const turns = Array.from({ length: 50 }, (_, at) => acquire(at) + release(at)).join('');
    const events = brief(turns + acquire(100) + acquire(101));
    const { evidence } = await check(modelNamed('mutex'), events);
    const failure = evidence.failures[0];
    expect(failure?.operations).toHaveLength(60);
    expect(failure?.omitted).toBe(42);
    expect(failure?.stuck).toEqual([59]);
  });
});

describe('budgets', () => {
  it('gives up after so many steps and names where', async () => {
    const { verdict, evidence } = await check(registers, hard, { maxSteps: 100 });
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toMatch(
      /^100 steps of search were not enough, 1 of 1 .* no further than/,
    );
    expect(evidence.unknownKeys).toEqual(['the whole history']);
  });

  it('stops at the time limit and says that time decided', async () => {
    const { verdict } = await check(endless, manyOrders, { timeoutMs: 50, maxSteps: Infinity });
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toContain('the time limit of 50 ms ran out');
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const judging = check(endless, manyOrders, {
      signal: controller.signal,
      maxSteps: Infinity,
    });
    controller.abort();
    expect((await judging).verdict.summary).toContain('cancelled');
  });

  it('gives a hard part what the easy ones left over', async () => {
    const easy = manyKeys('cas-register', 20, { operations: 5 });
    const difficult = hard.map((event) => ({
      ...event,
      key: 'hard',
      process: event.process + 1e6,
    }));
    const events = [...easy, ...difficult].map((event, index) => ({ ...event, index }));
    const alone = await check(registers, hard);
    const steps = alone.evidence.steps;
    const { verdict } = await check(registers, events, { maxSteps: steps * 3 });
    expect(verdict.valid).toBe(alone.verdict.valid);
    expect(verdict.valid).not.toBe('unknown');
  });
});

describe('threads', () => {
  it('change nothing in the verdict, not even the steps, however many they are', async () => {
    const events = manyKeys('fifo-queue', 5, {
      operations: 80,
      clients: 6,
      mutations: 1,
      values: 0,
    });
    const queue = modelNamed('fifo-queue');
    const context = { algorithm: 'search', maxSteps: 2_000_000 } as const;
    const alone = await check(queue, events, { ...context, threads: 0 });
    // Some keys must be more than a glance for the threads to have anything to do.
    expect(alone.evidence.steps).toBeGreaterThan(400_000);
    for (const threads of [1, 2, 3]) {
      const together = await check(queue, events, { ...context, threads });
      expect(together.verdict).toEqual(alone.verdict);
    }
  });

  it('end at once when the time is over', async () => {
    // The search tries every order of sixteen enqueues at once, since none explains the dequeue.
    const all = Array.from({ length: 16 }, (_, at) => at);
    const enqueues = (phase: string): string =>
      all.map((at) => `${at} ${phase} enqueue ${at}`).join('\n');
    const one = brief(
      `${enqueues('invoke')} \n ${enqueues('ok')} \n 0 invoke dequeue \n 0 ok dequeue 99`,
    );
    const events = [0, 1, 2, 3]
      .flatMap((key) => one.map((each) => ({ ...each, key, process: each.process + key * 100 })))
      .map((each, index) => ({ ...each, index }));
    const { verdict } = await check(modelNamed('fifo-queue'), events, {
      algorithm: 'search',
      threads: 2,
      timeoutMs: 500,
      maxSteps: Infinity,
    });
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toContain('the time limit of 500 ms ran out');
  });

  it('need a model that they can make, and are left out for one of the user', async () => {
    const events = [...manyOrders, ...manyOrders].map((event, index) => ({ ...event, index }));
    const { verdict } = await check(endless, events, { threads: 2, maxSteps: 1000 });
    expect(verdict.summary).toMatch(/^1000 steps of search were not enough/);
  });
});

describe('input that the model cannot take', () => {
  it('is not checked, and the verdict says why', async () => {
    const { verdict } = await check(registers, brief('0 invoke cas 5 \n 0 ok cas 5'));
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toBe(
      'not checked: expected the input of cas to be a pair such as [1, 2], got 5',
    );
  });
});
