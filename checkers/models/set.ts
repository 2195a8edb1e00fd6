import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { keyName, valueText, wordsOf } from './value.ts';
import type { SetView } from './view.ts';

/**
 * A set for each key: `add` and `remove`, which always succeed, and `contains` with
 * `[element, true or false]`. Each element is there or not, whatever the others are, so each is a part
 * of its own. Sets start empty.
 */
export function setModel(init: Json | undefined, name: string): Model<boolean> {
  if (init !== undefined && init !== null) {
    throw new Error(
      `expected no initial value, because a set starts empty here, got ${wordsOf(init)}; ` +
        `the model whole-set can start with elements`,
    );
  }
  return {
    name,
    summary: 'each key is a set with add, remove and contains',
    operations: ['add', 'remove', 'contains'],
    init: false,
    step,
    stateKey: Number,
    partition: (operation) => {
      const element = valueText(elementOf(operation));
      return operation.key === null ? element : `${keyName(operation.key)}/${element}`;
    },
    readOnly: ({ op }) => op === 'contains',
    blind: ({ op }) => op !== 'contains',
    view,
    effect: (operation) =>
      operation.op === 'contains' ? `contains ${wordsOf(found(operation))}` : operation.op,
    describeOperation: (operation) => {
      const words = `${operation.op} ${wordsOf(elementOf(operation))}`;
      return operation.op === 'contains' ? `${words} → ${wordsOf(found(operation))}` : words;
    },
    describeState: (present) => (present ? 'present' : 'absent'),
  };
}

function step(present: boolean, operation: ModelOperation): readonly boolean[] {
  if (operation.op === 'add') return [true];
  if (operation.op === 'remove') return [false];
  return operation.phase !== 'ok' || found(operation) === present ? [present] : [];
}

function view(operation: ModelOperation): SetView | null {
  const object = 'set';
  if (operation.op === 'add') return { object, kind: 'add' };
  if (operation.op === 'remove') return { object, kind: 'remove' };
  const present = found(operation);
  return typeof present === 'boolean' ? { object, kind: 'contains', present } : null;
}

function elementOf({ op, input, output, phase }: ModelOperation): Json {
  if (op === 'contains' && phase === 'ok' && Array.isArray(output)) return output[0] as Json;
  return input;
}

function found({ output }: ModelOperation): Json {
  return Array.isArray(output) ? (output[1] as Json) : output;
}
