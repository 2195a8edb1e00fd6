import fc from 'fast-check';
import { expect } from 'vitest';
import { historyOf } from '../../core/history.ts';
import { isLinearizable } from '../linearizability/brute-force.ts';
import type { Monitor } from '../linearizability/monitors/index.ts';
import {
  type Operations,
  type TimedOperation,
  listOf,
  operationsFrom,
} from '../linearizability/operations.ts';
import { type Part, partsOf } from '../linearizability/part.ts';
import { createPorcupine } from '../linearizability/porcupine/porcupine.ts';
import type { Model } from '../models/model.ts';
import { modelNamed } from '../models/index.ts';
import { type Questions, questionsFor } from './questions.ts';
import { type HistoryShape, randomHistory } from './random-history.ts';

/** A monitor, and the model whose histories it is to be tried on. */
export interface Tried {
  readonly model: string;
  readonly monitor: Monitor;
  /** What values the operations have, as in `HistoryShape`. */
  readonly values: readonly number[];
  /** What to ask instead of what is usually asked of the model. */
  readonly questions?: Questions;
}

export type Answer = 'valid' | 'invalid' | 'declined';

/** Random histories of a model, as their parts. */
export function randomParts(tried: Tried, operations: number): fc.Arbitrary<Drawn> {
  const { model, values } = tried;
  const shape: fc.Arbitrary<HistoryShape> = fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    operations: fc.integer({ min: 3, max: operations }),
    clients: fc.integer({ min: 1, max: 5 }),
    crashes: fc.constantFrom(0, 0.15, 0.4),
    mutations: fc.integer({ min: 0, max: 2 }),
    values: fc.constantFrom(...values),
  });
  return shape.map((drawn) => {
    const made = modelNamed(model);
    const questions = tried.questions ?? questionsFor[model];
    if (questions === undefined) throw new Error(`expected random questions for ${model}`);
    const history = historyOf(randomHistory(made, questions, drawn));
    return { model: made, history, parts: partsOf(history, made) };
  });
}

export interface Drawn {
  readonly model: Model;
  readonly history: ReturnType<typeof historyOf>;
  readonly parts: readonly Part[];
}

/** Compares a monitor with exhaustive search on whole histories. */
export function compareWithExhaustive(tried: Tried, numRuns: number): Record<Answer, number> {
  const seen = { valid: 0, invalid: 0, declined: 0 };
  const property = fc.property(randomParts(tried, 8), ({ model, history, parts }) => {
    let answer: Answer = 'valid';
    for (const { operations } of parts) {
      const decider = tried.monitor(model, operations);
      if (decider === null) answer = 'declined';
      else if (answer !== 'declined' && decider.run(Infinity) === 'invalid') answer = 'invalid';
    }
    seen[answer]++;
    if (answer !== 'declined') {
      expect(answer).toBe(isLinearizable(history, model) ? 'valid' : 'invalid');
    }
  });
  fc.assert(property, { numRuns });
  return seen;
}

/** Makes other histories of those that were drawn. */
export type Change = (part: Part, pick: number) => Operations;

/** Compares a monitor with the general search on each part, also in what could not be passed. */
export function compareWithSearch(
  tried: Tried,
  { operations, numRuns, change }: { operations: number; numRuns: number; change: Change },
): Record<Answer, number> {
  const seen = { valid: 0, invalid: 0, declined: 0 };
  const property = fc.property(
    randomParts(tried, operations),
    fc.nat(),
    ({ model, parts }, pick) => {
      for (const part of parts) seen[agreed(tried, model, change(part, pick))]++;
    },
  );
  fc.assert(property, { numRuns });
  return seen;
}

/** What a monitor says of some operations, after the search has said the same. */
export function agreed(
  { monitor }: Pick<Tried, 'monitor'>,
  model: Model,
  operations: Operations,
): Answer {
  const decider = monitor(model, operations);
  if (decider === null) return 'declined';
  const search = createPorcupine(model, operations);
  const answer = search.run(Infinity);
  expect(decider.run(Infinity)).toBe(answer);
  const stuck = decider.stuck();
  if (answer === 'invalid' && stuck !== null) {
    const returns = [stuck, search.stuck() ?? -1].map((at) => operations.returns[at]);
    expect(returns[0]).toBe(returns[1]);
  }
  return answer === 'valid' ? 'valid' : 'invalid';
}

/** Rounds times down, so that events fall on the same moment. */
export const coarsen: Change = ({ operations }, pick) => {
  const grain = 2 + (pick % 4);
  const coarse = (each: number): number => Math.floor(each / grain);
  const { calls, returns } = operations;
  return { ...operations, calls: calls.map(coarse), returns: returns.map(coarse) };
};

/** Lets an operation be called or return at another time, as far as it still returns after its call. */
export const moveOne: Change = ({ operations }, pick) => {
  const at = pick % Math.max(1, operations.length);
  const last = 2 * operations.length;
  const moved = listOf(operations).map((each, place): TimedOperation => {
    if (place !== at || each.returnedAt === Infinity) return each;
    const shift = (Math.floor(pick / 64) % 9) - 4.5;
    const calledAt = Math.max(-1, Math.min(last, each.calledAt + shift));
    return { ...each, calledAt, returnedAt: Math.max(calledAt, each.returnedAt + shift) };
  });
  return operationsFrom(moved.sort((one, other) => one.calledAt - other.calledAt));
};
