import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { numberOf, partitionByKey, wordsOf } from './value.ts';
import type { CounterView } from './view.ts';

/**
 * A sum for each key: `add` and `decrement` by a number (which may be negative), `read` of the sum, null being 0, and
 * `add-and-get`, which returns the sum that it made. `init` is the first sum.
 */
export function counterModel(init: Json | undefined, name: string): Model<number> {
  return {
    name,
    summary: 'each key is a sum with add, decrement, add-and-get and read',
    operations: ['add', 'decrement', 'add-and-get', 'read'],
    init: init === undefined || init === null ? 0 : numberOf(init, 'the initial value'),
    step,
    stateKey: (sum) => sum,
    partition: partitionByKey,
    readOnly: (operation) => addedBy(operation) === 0,
    view,
    effect: (operation) => {
      const { op, output, phase } = operation;
      const answered = phase === 'ok' && (op === 'read' || op === 'add-and-get');
      return `${addedBy(operation)}${answered ? ` → ${wordsOf(output)}` : ''}`;
    },
    describeOperation: ({ op, input, output, phase }) => {
      if (op === 'add' || op === 'decrement') return `${op} ${wordsOf(input)}`;
      const answer = phase === 'ok' ? wordsOf(output) : 'unknown';
      return op === 'read' ? `read → ${answer}` : `add-and-get ${wordsOf(input)} → ${answer}`;
    },
    describeState: String,
  };
}

function step(sum: number, operation: ModelOperation): readonly number[] {
  const { op, output, phase } = operation;
  const after = sum + addedBy(operation);
  if (op === 'add' || op === 'decrement' || phase !== 'ok') return [after];
  // A counter that nobody has added to may be none yet.
  return after === (output ?? 0) ? [after] : [];
}

function addedBy({ op, input }: ModelOperation): number {
  if (op === 'read') return 0;
  const amount = numberOf(input, `what ${op} is given`);
  return op === 'decrement' ? -amount : amount;
}

/** An answer that is no number is one that no counter gives. */
function view(operation: ModelOperation): CounterView | null {
  const { op, phase } = operation;
  const output = operation.output ?? 0;
  if (op === 'read') {
    return typeof output === 'number' ? { object: 'counter', kind: 'read', sum: output } : null;
  }
  if (op === 'add-and-get' && phase === 'ok') return null;
  return { object: 'counter', kind: 'add', amount: addedBy(operation) };
}
