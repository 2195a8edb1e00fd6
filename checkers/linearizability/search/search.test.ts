import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../core/history.ts';
import type { Model } from '../../models/model.ts';
import { modelNamed } from '../../models/index.ts';
import { brief } from '../../testing/brief.ts';
import { questionsFor } from '../../testing/questions.ts';
import { randomHistory } from '../../testing/random-history.ts';
import { isLinearizable } from '../brute-force.ts';
import { type Operations, operationsFrom } from '../operations.ts';
import { partsOf } from '../part.ts';
import { createSearch } from './search.ts';
import { createUniqueRegister } from '../monitors/unique-register.ts';

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  operations: fc.integer({ min: 10, max: 60 }),
  clients: fc.integer({ min: 2, max: 6 }),
  crashes: fc.constantFrom(0, 0.1),
  mutations: fc.integer({ min: 0, max: 2 }),
});

function registerOperations(shape: Parameters<typeof randomHistory>[2]): Operations {
  const model = modelNamed('cas-register');
  const events = randomHistory(model, questionsFor['cas-register']!, shape);
  return partsOf(historyOf(events), model)[0]?.operations ?? operationsFrom([]);
}

describe('createSearch', () => {
  it('answers the same in one go and in small pieces', () => {
    const model = modelNamed('cas-register');
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 50 }), (shape, piece) => {
        const operations = registerOperations({ ...shape, values: 3 });
        const whole = createSearch(model, operations);
        const pieces = createSearch(model, operations);
        const answer = whole.run(Infinity);
        let inPieces = pieces.run(piece);
        while (inPieces === null) inPieces = pieces.run(pieces.steps() + piece);
        expect(inPieces).toBe(answer);
        expect(pieces.stuck()).toBe(whole.stuck());
      }),
      { numRuns: 300 },
    );
  });

  it('lets a crashed write hide another although it leaves the state alone', () => {
    const model = modelNamed('cas-register');
    const events = brief(`
      0 invoke write 1
      0 ok write 1
      1 invoke write 1
      2 invoke write 2
      3 invoke cas [1,3]
      3 ok cas [1,3]
      2 ok write 2
      4 invoke read
      4 ok read 3
    `);
    const [part] = partsOf(historyOf(events), model);
    expect(createSearch(model, part!.operations).run(Infinity)).toBe('valid');
  });

  it('says which return it could not pass', () => {
    const model = modelNamed('register');
    const events = brief(`
      0 invoke write 1
      0 ok write 1
      1 invoke read
      1 ok read 2
      2 invoke write 2
      2 ok write 2
    `);
    const search = createSearch(model, partsOf(historyOf(events), model)[0]!.operations);
    expect(search.run(Infinity)).toBe('invalid');
    expect(search.stuck()).toBe(1);
  });

  it('takes intervals as closed: operations that touch overlap', () => {
    const write = { process: 0, op: 'write', key: null, input: 1, output: 1, phase: 'ok' } as const;
    const read = {
      process: 1,
      op: 'read',
      key: null,
      input: null,
      output: null,
      phase: 'ok',
    } as const;
    const touching = [
      { operation: write, calledAt: 0, returnedAt: 5 },
      { operation: read, calledAt: 5, returnedAt: 9 },
    ];
    const apart = touching.map((each) => ({ ...each, calledAt: each.calledAt === 5 ? 6 : 0 }));
    const model = modelNamed('register');
    for (const decide of [createSearch, createUniqueRegister]) {
      expect(decide(model, operationsFrom(touching))?.run(Infinity)).toBe('valid');
      expect(decide(model, operationsFrom(apart))?.run(Infinity)).toBe('invalid');
    }
  });

  it('follows all states at once in a model that may go to several', () => {
    const events = (last: string) =>
      brief(`
        0 invoke write 1
        0 ok write 1
        0 invoke write 2
        0 ok write 2
        1 invoke read
        1 ok read 1
        1 invoke read
        1 ok read ${last}
      `);
    for (const [last, linearizable] of [
      ['1', true],
      ['2', false],
    ] as const) {
      const history = historyOf(events(last));
      const { operations } = partsOf(history, forgetful)[0]!;
      expect(createSearch(forgetful, operations).run(Infinity) === 'valid').toBe(linearizable);
      expect(isLinearizable(history, forgetful)).toBe(linearizable);
    }
  });

  it('agrees with exhaustive search on a model that may go to several states', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const small = { ...shape, operations: shape.operations % 8, values: 2 };
        const history = historyOf(randomHistory(forgetful, questionsFor.register!, small));
        const answer = partsOf(history, forgetful).every(
          ({ operations }) => createSearch(forgetful, operations).run(Infinity) === 'valid',
        );
        expect(answer).toBe(isLinearizable(history, forgetful));
      }),
      { numRuns: 1000 },
    );
  });
});

/** A register that may lose a write. */
const forgetful: Model<number | null> = {
  name: 'forgetful',
  summary: 'a register that may lose a write',
  operations: ['read', 'write'],
  init: null,
  step: (state, { op, input, output, phase }) => {
    if (op === 'write') return [state, input as number];
    return phase !== 'ok' || output === state ? [state] : [];
  },
  stateKey: (state) => state ?? 'none',
  partition: () => null,
  describeOperation: ({ op }) => op,
  describeState: String,
};
