import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import {
  describeSequence,
  elementOf,
  elementTokens,
  insertable,
  sequenceOf,
  unnoticed,
} from './sequence.ts';
import { describeTaking, partitionByKey, valueText, wordsOf } from './value.ts';
import { collectionView } from './view.ts';

/** A first-in, first-out queue for each key: `enqueue`, and `dequeue` with null for an empty queue. */
export function fifoQueueModel(init: Json | undefined, name: string): Model<string> {
  const initial = sequenceOf(init);
  return {
    name,
    summary: 'each key is a queue whose elements leave in the order they came',
    operations: ['enqueue', 'dequeue'],
    init: initial,
    step,
    stateKey: (state) => state,
    partition: partitionByKey,
    readOnly: ({ op, phase, output }) => op === 'dequeue' && phase === 'ok' && output === null,
    effect: ({ op, input, output, phase }) =>
      op === 'enqueue' ? elementOf(input) : `${phase}${valueText(output)}`,
    unobservable: (operations) => unnoticed(operations, 'enqueue'),
    tokens: (operation) => elementTokens(operation, 'enqueue'),
    ...(initial === '' ? { view: collectionView('queue', 'enqueue') } : {}),
    describeOperation: (operation) =>
      operation.op === 'enqueue'
        ? `enqueue ${wordsOf(operation.input)}`
        : describeTaking(operation),
    describeState: describeSequence,
  };
}

function step(state: string, { op, input, output, phase }: ModelOperation): readonly string[] {
  if (op === 'enqueue') return [state + elementOf(insertable(input))];
  if (phase === 'info') {
    const second = state.indexOf('\n', 1);
    return [second < 0 ? '' : state.slice(second)];
  }
  if (output === null) return state === '' ? [state] : [];
  const first = elementOf(output);
  if (!state.startsWith(first)) return [];
  return state.length === first.length || state[first.length] === '\n'
    ? [state.slice(first.length)]
    : [];
}
