import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { numberOf, partitionByKey, wordsOf } from './value.ts';

/** A sum for each key: `add` a number (which may be negative), `read` the sum. `init` is the first sum. */
export function counterModel(init: Json | undefined, name: string): Model<number> {
  return {
    name,
    summary: 'each key is a sum with add and read',
    operations: ['add', 'read'],
    init: init === undefined || init === null ? 0 : numberOf(init, 'the initial value'),
    step,
    stateKey: (sum) => sum,
    partition: partitionByKey,
    readOnly: ({ op, input }) => op === 'read' || input === 0,
    effect: ({ op, input, output }) => `${op} ${wordsOf(op === 'add' ? input : output)}`,
    describeOperation: ({ op, input, output, phase }) => {
      if (op === 'add') return `add ${wordsOf(input)}`;
      return phase === 'ok' ? `read → ${wordsOf(output)}` : 'read → unknown';
    },
    describeState: String,
  };
}

function step(sum: number, { op, input, output, phase }: ModelOperation): readonly number[] {
  if (op === 'add') return [sum + numberOf(input, 'what is added')];
  return phase !== 'ok' || output === sum ? [sum] : [];
}
