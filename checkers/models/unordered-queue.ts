import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { elementTokens, insertable, unnoticed } from './sequence.ts';
import { type Sorted, describeSorted, has, keyOf, minus, plus, sortedOf } from './sorted.ts';
import { describeTaking, partitionByKey, valueText, wordsOf } from './value.ts';

/**
 * A queue for each key that keeps no order: `enqueue`, and `dequeue` of any element that is in it, or
 * null when there is none. `init` is a list of the elements that are in it at first.
 */
export function unorderedQueueModel(init: Json | undefined, name: string): Model<Sorted> {
  return {
    name,
    summary: 'each key is a queue whose elements leave in any order',
    operations: ['enqueue', 'dequeue'],
    init: sortedOf(init, 'the initial value'),
    step,
    stateKey: keyOf,
    partition: partitionByKey,
    readOnly: ({ op, phase, output }) => op === 'dequeue' && phase === 'ok' && output === null,
    effect: ({ op, input, output, phase }) =>
      op === 'enqueue' ? `in ${valueText(input)}` : `${phase} ${valueText(output)}`,
    unobservable: (operations) => unnoticed(operations, 'enqueue'),
    tokens: (operation) => elementTokens(operation, 'enqueue'),
    describeOperation: (operation) =>
      operation.op === 'enqueue'
        ? `enqueue ${wordsOf(operation.input)}`
        : describeTaking(operation),
    describeState: describeSorted,
  };
}

/** Nobody knows which element a crashed dequeue took, so it may have been each of them. */
function step(state: Sorted, { op, input, output, phase }: ModelOperation): readonly Sorted[] {
  if (op === 'enqueue') return [plus(state, valueText(insertable(input)))];
  if (phase === 'info') {
    return state.length === 0 ? [state] : [...new Set(state)].map((each) => minus(state, each));
  }
  if (output === null) return state.length === 0 ? [state] : [];
  const element = valueText(output);
  return has(state, element) ? [minus(state, element)] : [];
}
