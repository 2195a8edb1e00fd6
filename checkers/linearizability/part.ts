import type { OpEvent } from '../../core/event.ts';
import { type History, type Operation, operationsOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../models/model.ts';

/**
 * An operation and the time it took. Positions only order events; they are indexes of a history, or
 * times where two equal ones mean that the operations overlap. An operation that returned at
 * `Infinity` may happen at any time after its call, or never.
 */
export interface TimedOperation {
  readonly operation: ModelOperation;
  readonly calledAt: number;
  readonly returnedAt: number;
}

/** An independent part of a history, in order of the calls, with what was recorded of each operation. */
export interface Part {
  readonly key: string | null;
  readonly operations: readonly TimedOperation[];
  readonly records: readonly Operation[];
}

/** What a failed cas says. `drop`: nothing. `assert`: the register did not hold what was expected. */
export type FailedCas = 'drop' | 'assert';

/**
 * Splits a history into the parts that a model lets be judged alone, in the order in which they first
 * appear. Failed operations did not happen; a crashed operation that could not have changed anything
 * says nothing. Throws when the history has operations that the model does not know.
 */
export function partsOf(history: History, model: Model, failedCas: FailedCas = 'drop'): Part[] {
  const known = new Set(model.operations);
  const parts = new Map<string | null, { operations: TimedOperation[]; records: Operation[] }>();
  for (const record of operationsOf(history)) {
    if (!known.has(record.invoke.op)) throw unknownOperation(model, record.invoke);
    const timed = timedOperation(record, failedCas);
    if (timed === null || isSilent(model, timed)) continue;
    const key = model.partition(timed.operation);
    let part = parts.get(key);
    if (part === undefined) parts.set(key, (part = { operations: [], records: [] }));
    part.operations.push(timed);
    part.records.push(record);
  }
  return [...parts].map(([key, part]) => withoutUnobservable(model, { key, ...part }));
}

/** The part without the operations at which `keep` is false. */
export function filterPart(part: Part, keep: (at: number) => boolean): Part {
  return {
    key: part.key,
    operations: part.operations.filter((_, at) => keep(at)),
    records: part.records.filter((_, at) => keep(at)),
  };
}

/** Leaves out crashed operations that the model knows nobody could have noticed. */
export function withoutUnobservable(model: Model, part: Part): Part {
  if (!part.operations.some(({ returnedAt }) => returnedAt === Infinity)) return part;
  const gone = model.unobservable?.(part.operations.map(({ operation }) => operation));
  return gone?.includes(true) === true ? filterPart(part, (at) => gone[at] !== true) : part;
}

/** Null for an operation that says nothing because it failed. */
export function timedOperation(
  { invoke, complete }: Operation,
  failedCas: FailedCas,
): TimedOperation | null {
  const phase = complete === undefined ? 'info' : complete.phase;
  if (phase === 'invoke') throw new Error(`expected a completion at event ${invoke.index}`);
  if (phase === 'fail' && (invoke.op !== 'cas' || failedCas === 'drop')) return null;
  const output: Json = phase === 'ok' && complete !== undefined ? complete.value : null;
  const { process, op, key = null, value: input } = invoke;
  return {
    operation: { process, op, key, input, output, phase },
    calledAt: invoke.index,
    returnedAt: phase === 'info' || complete === undefined ? Infinity : complete.index,
  };
}

/** Whether nobody can know that an operation happened, and it changed nothing. */
export function isSilent(model: Model, { operation, returnedAt }: TimedOperation): boolean {
  return returnedAt === Infinity && model.readOnly?.(operation) === true;
}

export function unknownOperation(model: Model, { op, index }: OpEvent): Error {
  return new Error(
    `expected operations of the model ${model.name} (${model.operations.join(', ')}), ` +
      `got ${JSON.stringify(op)} at event ${index}; choose the model that fits`,
  );
}
