import type { Json, JsonObject } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { keyName, sameValue, valueText, wordsOf } from './value.ts';

/**
 * Registers read and written together: `txn` of `["r", key, value]` and `["w", key, value]`, all at
 * one moment, in their order. `init` maps keys to first values; others start as null.
 */
export function multiRegisterModel(init: Json | undefined, name: string): Model<Registers> {
  return {
    name,
    summary: 'registers that one transaction reads and writes at one moment',
    operations: ['txn'],
    init: initialRegisters(init),
    step,
    stateKey: valueText,
    partition: () => null,
    readOnly: (operation) => microOperations(operation).every(({ write }) => !write),
    effect: ({ input, output, phase }) =>
      phase === 'ok' ? valueText(output) : `unknown ${valueText(input)}`,
    describeOperation: (operation) =>
      microOperations(operation)
        .map(({ write, key, value }) =>
          write ? `${key} := ${wordsOf(value)}` : `${key} → ${wordsOf(value)}`,
        )
        .join(', '),
    describeState: wordsOf,
  };
}

type Registers = JsonObject;

interface MicroOperation {
  readonly write: boolean;
  readonly key: string;
  readonly value: Json;
}

function initialRegisters(init: Json | undefined): Registers {
  if (init === undefined || init === null) return {};
  if (typeof init === 'object' && !Array.isArray(init)) return init as Registers;
  throw new Error(`expected the initial value to be an object of registers, got ${wordsOf(init)}`);
}

function step(state: Registers, operation: ModelOperation): readonly Registers[] {
  let next = state;
  for (const { write, key, value } of microOperations(operation)) {
    if (write) next = { ...next, [key]: value };
    else if (operation.phase === 'ok' && !sameValue(valueIn(next, key), value)) return [];
  }
  return [next];
}

/** Null in a register that nobody wrote, whatever objects of the language have under its name. */
function valueIn(state: Registers, key: string): Json {
  return Object.hasOwn(state, key) ? (state[key] ?? null) : null;
}

function microOperations({ input, output, phase }: ModelOperation): readonly MicroOperation[] {
  const list = phase === 'ok' ? output : input;
  if (!Array.isArray(list)) throw wrongTxn(list);
  return (list as readonly Json[]).map((each) => {
    if (!Array.isArray(each) || each.length !== 3) throw wrongTxn(list);
    const [kind, key, value] = each as readonly Json[];
    const write = kind === 'w' || kind === 'write';
    if (!write && kind !== 'r' && kind !== 'read') throw wrongTxn(list);
    return {
      write,
      key:
        typeof key === 'string' || typeof key === 'number' ? keyName(key) : valueText(key ?? null),
      value: value ?? null,
    };
  });
}

function wrongTxn(got: Json): Error {
  return new Error(
    `expected a txn to be a list such as [["r", "x", null], ["w", "y", 1]], got ${wordsOf(got)}`,
  );
}
