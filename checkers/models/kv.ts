import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { partitionByKey, sameValue, valueKey, wordsOf } from './value.ts';

/**
 * A store of strings by key: `get`, `put`, `append`, `delete` (also `read` and `write` for the first
 * two). `init` is what a key without a value reads as, null by default; `append` starts from "".
 */
export function kvModel(init: Json | undefined, name: string): Model<Json> {
  return kvStartingAt(init ?? null, name);
}

/** The same with every key starting as the empty string, as the logs of Porcupine have it. */
export function kvStringModel(init: Json | undefined, name: string): Model<Json> {
  return kvStartingAt(init ?? '', name);
}

function kvStartingAt(init: Json, name: string): Model<Json> {
  return {
    name,
    summary: 'each key is a string with get, put, append and delete',
    operations: ['get', 'put', 'append', 'delete', 'read', 'write'],
    init,
    step: (state, operation) => step(state, operation, init),
    stateKey: valueKey,
    partition: partitionByKey,
    readOnly: isGet,
    effect: ({ op, input, output }) =>
      op === 'get' || op === 'read'
        ? `get ${JSON.stringify(output)}`
        : `${op} ${JSON.stringify(input)}`,
    describeOperation: (operation) => describeOperation(operation),
    describeState: wordsOf,
  };
}

function isGet({ op }: ModelOperation): boolean {
  return op === 'get' || op === 'read';
}

function step(state: Json, operation: ModelOperation, init: Json): readonly Json[] {
  const { op, input, output, phase } = operation;
  if (isGet(operation)) return phase !== 'ok' || sameValue(state, output) ? [state] : [];
  if (op === 'delete') return [init];
  if (op === 'append') return [textOf(state) + textOf(input)];
  return [input];
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeOperation(operation: ModelOperation): string {
  const { op, input, output, phase } = operation;
  if (isGet(operation)) return `${op} → ${phase === 'ok' ? wordsOf(output) : 'unknown'}`;
  return op === 'delete' ? 'delete' : `${op} ${wordsOf(input)}`;
}
