import type { Json } from '../../core/json.ts';
import type { ModelOperation } from './model.ts';

/** A text or number that is the same for equal values only: numbers stand for themselves. */
export function valueKey(value: Json): string | number {
  return typeof value === 'number' ? value : JSON.stringify(value);
}

export function sameValue(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Each key is an object of its own. */
export function partitionByKey({ key }: ModelOperation): string | null {
  return key === null ? null : String(key);
}

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
