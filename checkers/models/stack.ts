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

/** A stack for each key: `push`, and `pop` with null for an empty stack. */
export function stackModel(init: Json | undefined, name: string): Model<string> {
  const initial = sequenceOf(init);
  return {
    name,
    summary: 'each key is a stack whose last element leaves first',
    operations: ['push', 'pop'],
    init: initial,
    step,
    stateKey: (state) => state,
    partition: partitionByKey,
    readOnly: ({ op, phase, output }) => op === 'pop' && phase === 'ok' && output === null,
    effect: ({ op, input, output, phase }) =>
      op === 'push' ? elementOf(input) : `${phase}${valueText(output)}`,
    unobservable: (operations) => unnoticed(operations, 'push'),
    tokens: (operation) => elementTokens(operation, 'push'),
    ...(initial === '' ? { view: collectionView('stack', 'push') } : {}),
    describeOperation: (operation) =>
      operation.op === 'push' ? `push ${wordsOf(operation.input)}` : describeTaking(operation),
    describeState: describeSequence,
  };
}

function step(state: string, { op, input, output, phase }: ModelOperation): readonly string[] {
  if (op === 'push') return [state + elementOf(insertable(input))];
  if (phase === 'info') return [state === '' ? state : state.slice(0, state.lastIndexOf('\n'))];
  if (output === null) return state === '' ? [state] : [];
  const top = elementOf(output);
  return state.endsWith(top) ? [state.slice(0, -top.length)] : [];
}
