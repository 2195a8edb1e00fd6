import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpEvent } from '../../../core/event.ts';
import { historyOf } from '../../../core/history.ts';
import type { Model } from '../../models/model.ts';
import { modelNamed, models } from '../../models/index.ts';
import { brief } from '../../testing/brief.ts';
import { type Questions, questionsFor } from '../../testing/questions.ts';
import { randomHistory } from '../../testing/random-history.ts';
import { isLinearizable } from '../brute-force.ts';
import { cutAt } from '../minimise.ts';
import { linearizable } from '../linearizable.ts';
import { leftOpenAfter, operationsFrom } from '../operations.ts';
import { type FailedCas, partsOf } from '../part.ts';
import { createPorcupine } from '../porcupine/porcupine.ts';
import { createSearch } from './search.ts';

const ways = ['breadth', 'depth', 'both'] as const;

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  operations: fc.integer({ min: 0, max: 9 }),
  clients: fc.integer({ min: 1, max: 5 }),
  crashes: fc.constantFrom(0, 0.1, 0.4),
  mutations: fc.integer({ min: 0, max: 3 }),
  values: fc.integer({ min: 0, max: 3 }),
});
const failedCasOf = fc.constantFrom<FailedCas>('drop', 'assert');

/** What each way says, and Porcupine; all the same, one hopes. */
function answers(model: Model, events: readonly OpEvent[], failedCas: FailedCas): boolean[] {
  const parts = partsOf(historyOf(events), model, failedCas);
  return [
    ...ways.map((way) =>
      parts.every(
        ({ operations }) => createSearch(model, operations, { way }).run(Infinity) === 'valid',
      ),
    ),
    parts.every(({ operations }) => createPorcupine(model, operations).run(Infinity) === 'valid'),
  ];
}

/** The model without whatever only makes a search faster. */
function bare<State>(model: Model<State>): Model {
  const hooks = new Set(['readOnly', 'blind', 'effect', 'unobservable', 'view', 'onlyFrom']);
  const left = Object.entries(model).filter(([name]) => !hooks.has(name));
  return Object.fromEntries(left) as unknown as Model;
}

describe.each(Object.keys(models).filter((name) => name in questionsFor))('%s', (name) => {
  it('gets the same answer breadth first, depth first, in turns, and by exhaustion', () => {
    fc.assert(
      fc.property(shapes, failedCasOf, (shape, failedCas) => {
        const model = modelNamed(name);
        const events = randomHistory(model, questionsFor[name]!, shape);
        const expected = isLinearizable(historyOf(events), model, failedCas);
        expect(answers(model, events, failedCas)).toEqual([expected, expected, expected, expected]);
      }),
      { numRuns: 400 },
    );
  });

  it('gets it without any hook', () => {
    fc.assert(
      fc.property(shapes, failedCasOf, (shape, failedCas) => {
        const model = modelNamed(name);
        const events = randomHistory(model, questionsFor[name]!, shape);
        const expected = isLinearizable(historyOf(events), model, failedCas);
        const found = answers(bare(model), events, failedCas);
        expect(found).toEqual([expected, expected, expected, expected]);
      }),
      { numRuns: 150 },
    );
  });
});

/** A coin that shows a number: `toss` sets it to 0 or 1, `nudge` adds 1 or nothing, `read` looks. */
const coin: Model<number> = {
  name: 'coin',
  summary: 'a number that is not sure of itself',
  operations: ['toss', 'nudge', 'read', 'reset'],
  init: 0,
  step: (state, { op, output, phase }) => {
    if (op === 'toss') return [0, 1];
    if (op === 'reset') return [2];
    if (op === 'nudge') return [state, state + 1];
    return phase !== 'ok' || output === state ? [state] : [];
  },
  stateKey: (state) => state,
  partition: () => null,
  readOnly: ({ op }) => op === 'read',
  blind: ({ op }) => op === 'toss' || op === 'reset',
  effect: ({ op, output }) => (op === 'read' ? `read ${JSON.stringify(output)}` : op),
  describeOperation: ({ op }) => op,
  describeState: String,
};

const coinQuestions: Questions = (_draw, rng) => {
  const op = rng.pick(['toss', 'nudge', 'reset', 'read', 'read', 'read']);
  const isRead = op === 'read';
  return {
    op,
    value: null,
    answer: (state) => (isRead ? (state as number) : null),
    other: () => (isRead ? rng.int(0, 4) : null),
  };
};

describe('a model that may go to several states', () => {
  it.each([
    ['with hooks', coin],
    ['without', bare(coin)],
  ] as [string, Model][])('gets the answer of exhaustive search %s', (_how, model) => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(shapes, (shape) => {
        const events = randomHistory(model, coinQuestions, shape);
        const expected = isLinearizable(historyOf(events), coin);
        seen.add(expected);
        const found = answers(model, events, 'drop');
        expect(found).toEqual([expected, expected, expected, expected]);
      }),
      { numRuns: 1500 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});

describe('the search', () => {
  const longer = fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    operations: fc.integer({ min: 20, max: 80 }),
    clients: fc.integer({ min: 2, max: 6 }),
    crashes: fc.constantFrom(0, 0.05),
    mutations: fc.integer({ min: 1, max: 2 }),
    values: fc.constantFrom(2, 3),
  });

  it('names the return up to which the history is linearizable, and not further', () => {
    const model = modelNamed('cas-register');
    let invalid = 0;
    fc.assert(
      fc.property(longer, (shape) => {
        const events = randomHistory(model, questionsFor['cas-register']!, shape);
        const [part] = partsOf(historyOf(events), model);
        if (part === undefined) return;
        const stuck = ways.map((way) => {
          const search = createSearch(model, part.operations, { way });
          return search.run(Infinity) === 'invalid' ? search.stuck() : null;
        });
        expect(new Set(stuck).size).toBe(1);
        const [at] = stuck;
        if (at === null || at === undefined) return;
        invalid++;
        const upTo = cutAt(part, at).operations;
        expect(createPorcupine(model, upTo).run(Infinity)).toBe('invalid');
        const end = part.operations.returns[at]!;
        const before = leftOpenAfter(upTo, end - 1);
        expect(createPorcupine(model, before).run(Infinity)).toBe('valid');
      }),
      { numRuns: 200 },
    );
    expect(invalid).toBeGreaterThan(30);
  });

  it('takes as many steps in pieces as in one go, whatever the pieces', () => {
    const model = modelNamed('cas-register');
    fc.assert(
      fc.property(longer, fc.integer({ min: 1, max: 700 }), (shape, piece) => {
        const crowded = { ...shape, operations: 4 * shape.operations, crashes: 0.2 };
        const events = randomHistory(model, questionsFor['cas-register']!, crowded);
        const operations = partsOf(historyOf(events), model)[0]?.operations ?? operationsFrom([]);
        const whole = createSearch(model, operations);
        const pieces = createSearch(model, operations);
        const answer = whole.run(20_000);
        let inPieces = pieces.run(piece);
        while (inPieces === null && pieces.steps() < 20_000) {
          inPieces = pieces.run(Math.min(20_000, pieces.steps() + piece));
        }
        expect([inPieces, pieces.steps()]).toEqual([answer, whole.steps()]);
      }),
      { numRuns: 60 },
    );
  });

  it('takes more operations open at once than a word has bits', () => {
    const clients = Array.from({ length: 70 }, (_, at) => at);
    const lines = [
      ...clients.map((at) => `${at} invoke write ${at % 3}`),
      ...clients.slice(35).map((at) => `${at} ok write ${at % 3}`),
      ...clients.slice(35).map((at) => `${at} invoke read`),
      ...clients.slice(35).map((at) => `${at} ok read ${at % 3}`),
      ...clients.slice(0, 35).map((at) => `${at} ok write ${at % 3}`),
    ];
    const model = modelNamed('register');
    for (const [last, expected] of [
      ['2', 'valid'],
      ['7', 'invalid'],
    ] as const) {
      const events = brief([...lines, '0 invoke read', `0 ok read ${last}`].join('\n'));
      const { operations } = partsOf(historyOf(events), model)[0]!;
      for (const way of ways) {
        expect(createSearch(model, operations, { way }).run(Infinity)).toBe(expected);
      }
    }
  });

  it('gives up when its memory is full, and the verdict says so', async () => {
    const enqueues = Array.from({ length: 14 }, (_, at) => at);
    const events = brief(
      [
        ...enqueues.map((at) => `${at} invoke enqueue ${at}`),
        ...enqueues.map((at) => `${at} ok enqueue ${at}`),
        '0 invoke dequeue \n 0 ok dequeue 99',
      ].join('\n'),
    );
    const queue = linearizable(modelNamed('fifo-queue'), { algorithm: 'search' });
    const verdict = await queue.check(historyOf(events), { maxMemoryMb: 2 });
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toMatch(/^2 MB of memory were not enough, 1 of 1 .* no further than/);
  });
});
