import { type OpEvent, isFaultEvent } from '../../core/event.ts';
import type { History, Operation } from '../../core/history.ts';
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
  const parts = new Map<string | null, { operations: TimedOperation[]; places: number[] }>();
  const { invokes, completes } = pairsOf(history);
  for (const [place, invoke] of invokes.entries()) {
    if (!known.has(invoke.op)) throw unknownOperation(model, invoke);
    const timed = timedFrom(invoke, completes[place], failedCas);
    if (timed === null || isSilent(model, timed)) continue;
    const key = model.partition(timed.operation);
    let part = parts.get(key);
    if (part === undefined) parts.set(key, (part = { operations: [], places: [] }));
    part.operations.push(timed);
    part.places.push(place);
  }
  return [...parts].map(([key, { operations, places }]) => {
    const records = (): Operation[] => places.map((at) => recordOf(invokes, completes, at));
    return withoutUnobservable(model, partWith(key, operations, records));
  });
}

/** Who was recorded is asked of failed parts alone, and made then: most histories are all right. */
function partWith(
  key: string | null,
  operations: readonly TimedOperation[],
  make: () => readonly Operation[],
): Part {
  let made: readonly Operation[] | null = null;
  return {
    key,
    operations,
    get records() {
      return (made ??= make());
    },
  };
}

type Completes = readonly (OpEvent | undefined)[];

/** As `operationsOf`, in two lists of events: a long history has room for no more. */
function pairsOf(history: History): { invokes: readonly OpEvent[]; completes: Completes } {
  const invokes: OpEvent[] = [];
  const completes: (OpEvent | undefined)[] = [];
  const open = new Map<number, number>();
  for (const event of history.events()) {
    if (isFaultEvent(event)) continue;
    if (event.phase === 'invoke') {
      open.set(event.process, invokes.length);
      invokes.push(event);
      completes.push(undefined);
      continue;
    }
    const place = open.get(event.process);
    if (place === undefined) continue;
    completes[place] = event;
    open.delete(event.process);
  }
  return { invokes, completes };
}

function recordOf(invokes: readonly OpEvent[], completes: Completes, at: number): Operation {
  const complete = completes[at];
  const invoke = invokes[at] as OpEvent;
  return complete === undefined ? { invoke } : { invoke, complete };
}

/** The part without the operations at which `keep` is false. */
export function filterPart(part: Part, keep: (at: number) => boolean): Part {
  const kept = [...part.operations.keys()].filter(keep);
  return partWith(
    part.key,
    kept.map((at) => part.operations[at] as TimedOperation),
    () => kept.map((at) => part.records[at] as Operation),
  );
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
  return timedFrom(invoke, complete, failedCas);
}

function timedFrom(
  invoke: OpEvent,
  complete: OpEvent | undefined,
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
