import type { Key } from '../../core/event.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { sameData } from '../../core/same-data.ts';
import type { ModelOperation } from './model.ts';

/** A text or number that is the same for equal values only: numbers stand for themselves. */
export function valueKey(value: Json): string | number {
  return typeof value === 'number' ? value : valueText(value);
}

/** JSON that is the same for equal values: the fields of an object have no order. */
export function valueText(value: Json): string {
  if (typeof value === 'number' && Number.isInteger(value)) return String(value);
  return hasFields(value) ? JSON.stringify(value, withFieldsInOrder) : JSON.stringify(value);
}

/** Most values have none, and their JSON is the same anyway. */
function hasFields(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? (value as readonly Json[]).some(hasFields) : true;
}

function withFieldsInOrder(_name: string, value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value as JsonObject);
  fields.sort(([one], [other]) => (one < other ? -1 : 1));
  // Fields named like whole numbers come first in any object, and in their order.
  return Object.fromEntries(fields);
}

export function sameValue(one: Json, other: Json): boolean {
  return one === other || sameData(one, other);
}

/** Each key is an object of its own. */
export function partitionByKey({ key }: ModelOperation): string | null {
  return key === null ? null : keyName(key);
}

/** The name of a key, which is another one for each: texts that could be taken for numbers, or for none, are quoted. */
export function keyName(key: Key): string {
  if (typeof key === 'number') return String(key);
  return mayBeMistaken.test(key) ? JSON.stringify(key) : key;
}

const mayBeMistaken = /^(?:"[^]*|-?\d[\d.]*(?:e[-+]\d+)?|-?Infinity|NaN|)$/;

/** The `[from, to]` of a cas; throws when the history has something else. */
export function pairOf(operation: ModelOperation): readonly [Json, Json] {
  const pair = operation.input;
  if (Array.isArray(pair) && pair.length === 2) return [pair[0] as Json, pair[1] as Json];
  throw new Error(
    `expected the input of ${operation.op} to be a pair such as [1, 2], got ${JSON.stringify(pair)}`,
  );
}

/** A number as input or output; throws when the history has something else. */
export function numberOf(value: Json, what: string): number {
  if (typeof value === 'number') return value;
  throw new Error(`expected ${what} to be a number, got ${JSON.stringify(value)}`);
}

/** Text of a value for people, cut to a length that fits a sentence. */
export function wordsOf(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 50)}… (${text.length} characters)`;
}

/** `dequeue → 7`, `dequeue → unknown`: an operation that takes nothing and returns something. */
export function describeTaking(operation: ModelOperation): string {
  return operation.phase === 'info'
    ? `${operation.op} → unknown`
    : `${operation.op} → ${operation.output === null ? 'empty' : wordsOf(operation.output)}`;
}
