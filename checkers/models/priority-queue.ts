import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { elementTokens, unnoticed } from './sequence.ts';
import { describeTaking, numberOf, partitionByKey, wordsOf } from './value.ts';
import { collectionView } from './view.ts';

/** A queue of numbers for each key: `enqueue`, and `dequeue` of the smallest, or null when empty. */
export function priorityQueueModel(init: Json | undefined, name: string): Model<readonly number[]> {
  const initial = initialNumbers(init);
  return {
    name,
    summary: 'each key is a queue of numbers whose smallest leaves first',
    operations: ['enqueue', 'dequeue'],
    init: initial,
    step,
    stateKey: (state) => state.join(' '),
    partition: partitionByKey,
    readOnly: ({ op, phase, output }) => op === 'dequeue' && phase === 'ok' && output === null,
    effect: ({ op, input, output, phase }) =>
      op === 'enqueue' ? `in ${JSON.stringify(input)}` : `${phase} ${JSON.stringify(output)}`,
    unobservable: (operations) => unnoticed(operations, 'enqueue'),
    tokens: (operation) => elementTokens(operation, 'enqueue'),
    ...(initial.length === 0 ? { view: collectionView('priority-queue', 'enqueue') } : {}),
    describeOperation: (operation) =>
      operation.op === 'enqueue'
        ? `enqueue ${wordsOf(operation.input)}`
        : describeTaking(operation),
    describeState: wordsOf,
  };
}

function initialNumbers(init: Json | undefined): readonly number[] {
  if (init === undefined || init === null) return [];
  if (!Array.isArray(init)) {
    throw new Error(
      `expected the initial value to be a list of numbers, got ${JSON.stringify(init)}`,
    );
  }
  const numbers = (init as readonly Json[]).map((each) => numberOf(each, 'an initial element'));
  return numbers.sort((one, other) => one - other);
}

function step(
  state: readonly number[],
  { op, input, output, phase }: ModelOperation,
): readonly (readonly number[])[] {
  if (op === 'enqueue') return [insert(state, numberOf(input, 'an enqueued element'))];
  if (phase === 'info') return [state.slice(1)];
  if (output === null) return state.length === 0 ? [state] : [];
  return state[0] === output ? [state.slice(1)] : [];
}

function insert(state: readonly number[], element: number): readonly number[] {
  const place = state.findIndex((each) => each > element);
  return place < 0 ? [...state, element] : state.toSpliced(place, 0, element);
}
