import { type HistoryEvent, type OpEvent, isFaultEvent } from '../../core/event.ts';
import type { History, Operation } from '../../core/history.ts';
import type { Model, ModelOperation } from '../models/model.ts';
import { type ExchangeNotes, createExchangeNotes } from './exchanges.ts';
import { type Operations, type TimedOperation, placesWhere, selectFrom } from './operations.ts';
import { scratch } from './scratch.ts';

/** An independent part of a history, with what was recorded of each operation. */
export interface Part {
  readonly key: string | null;
  readonly operations: Operations;
  records(): readonly Operation[];
}

/** What a failed cas says. `drop`: nothing. `assert`: the register did not hold what was expected. */
export type FailedCas = 'drop' | 'assert';

/**
 * Splits a history into the parts that a model lets be judged alone, in the order in which they first
 * appear. Failed operations did not happen; a crashed operation that could not have changed anything
 * says nothing. Throws when the history has operations that the model does not know.
 */
export function partsOf(history: History, model: Model, failedCas: FailedCas = 'drop'): Part[] {
  const pairs = pairsOf(history, model, failedCas);
  const { sizes, links } = pairs;
  let total = 0;
  const ends = sizes.map((size) => (total += size) - size);
  const calls = new Float64Array(total);
  const returns = new Float64Array(total);
  for (let place = 0; place < links.length; place++) {
    const link = links[place] as number;
    if (link === nothing) continue;
    // What stands at a return is the number of the part; it was needed here for the last time.
    const part = link < nothing ? openPart(link) : (links[link] as number);
    if (link > nothing) links[link] = nothing;
    const at = ends[part] as number;
    ends[part] = at + 1;
    calls[at] = place;
    returns[at] = link < nothing ? Infinity : link;
  }
  const parts = [...pairs.keys].map(([key, number]) => {
    const end = ends[number] as number;
    const start = end - (sizes[number] as number);
    return recorded(pairs, key, calls.subarray(start, end), returns.subarray(start, end));
  });
  const firstCall = ({ operations }: Part): number => operations.calls[0] as number;
  return parts
    .sort((one, other) => firstCall(one) - firstCall(other))
    .map((part) => withoutUnobservable(model, part));
}

function recorded(
  pairs: Pairs,
  key: string | null,
  calls: Float64Array,
  returns: Float64Array,
): Part {
  const { events, crashes } = pairs;
  const exchanges = pairs.exchanges.noted(calls, returns);
  const eventAt = (place: number | undefined): OpEvent | undefined =>
    place === undefined ? undefined : (events[place] as OpEvent | undefined);
  const operation = (at: number): ModelOperation =>
    operationOf(eventAt(calls[at]) as OpEvent, eventAt(returns[at]));
  const record = (call: number, at: number): Operation => {
    const complete = eventAt(crashes.get(call) ?? returns[at]);
    const invoke = eventAt(call) as OpEvent;
    return complete === undefined ? { invoke } : { invoke, complete };
  };
  const operations = { length: calls.length, calls, returns, operation, exchanges };
  return partWith(key, operations, () => Array.from(calls, record));
}

/** Who was recorded is asked of failed parts alone, and made then: most histories are all right. */
function partWith(
  key: string | null,
  operations: Operations,
  make: () => readonly Operation[],
): Part {
  let made: readonly Operation[] | null = null;
  return {
    key,
    operations,
    records: () => (made ??= make()),
  };
}

/** As `operationsOf`, without an object for each: a long history has no room for them. */
interface Pairs {
  readonly events: readonly HistoryEvent[];
  /**
   * By place: of a call, the place of its return; of a return, the number of the part; of a call
   * that may never have returned, `openLink` of the part; and `nothing` of all that says nothing.
   */
  readonly links: Int32Array;
  /** By place of a call, that of an answer which says that nobody knows. */
  readonly crashes: ReadonlyMap<number, number>;
  /** The number of each part, and how many operations it has. */
  readonly keys: ReadonlyMap<string | null, number>;
  readonly sizes: readonly number[];
  readonly exchanges: ExchangeNotes;
}

const nothing = -1;
/** Of a call, until its part is known. */
const unlinked = -2;

function openLink(part: number): number {
  return unlinked - 1 - part;
}

function openPart(link: number): number {
  return unlinked - 1 - link;
}

function pairsOf(history: History, model: Model, failedCas: FailedCas): Pairs {
  const all = history.events();
  const events = Array.isArray(all) ? (all as readonly HistoryEvent[]) : [...all];
  const links = scratch(events.length, nothing);
  const crashes = new Map<number, number>();
  const keys = new Map<string | null, number>();
  const sizes: number[] = [];
  const exchanges = createExchangeNotes(model, events.length);
  const known = new Set(model.operations);
  /** The number of an operation's part; `nothing` for one that says nothing. */
  const partOf = (call: number, answer: number | null): number => {
    const complete = answer === null ? undefined : (events[answer] as OpEvent);
    const operation = operationOf(events[call] as OpEvent, complete);
    if (isDropped(operation, failedCas) || isSilent(model, operation)) return nothing;
    const key = model.partition(operation);
    let number = keys.get(key);
    if (number === undefined) keys.set(key, (number = sizes.push(0) - 1));
    sizes[number] = (sizes[number] as number) + 1;
    if (answer !== null) exchanges.note(operation, call, answer);
    return number;
  };
  /** By process, the place of the call that waits for an answer. */
  const waiting: number[] = [];
  for (let place = 0; place < events.length; place++) {
    const event = events[place] as HistoryEvent;
    if (isFaultEvent(event)) continue;
    const { process } = event;
    const call = waiting[process] ?? nothing;
    if (event.phase === 'invoke') {
      if (!known.has(event.op)) throw unknownOperation(model, event);
      waiting[process] = place;
      links[place] = unlinked;
      continue;
    }
    if (call === nothing) continue;
    waiting[process] = nothing;
    if (event.phase === 'info') {
      crashes.set(call, place);
      continue;
    }
    const part = partOf(call, place);
    links[call] = part === nothing ? nothing : place;
    links[place] = part;
  }
  for (let call = links.indexOf(unlinked); call !== -1; call = links.indexOf(unlinked, call + 1)) {
    const part = partOf(call, null);
    links[call] = part === nothing ? nothing : openLink(part);
  }
  return { events, links, crashes, keys, sizes, exchanges };
}

/** The part without the operations at which `keep` is false. */
export function filterPart(part: Part, keep: (at: number) => boolean): Part {
  const kept = placesWhere(part.operations, keep);
  const records = (): Operation[] => kept.map((at) => part.records()[at] as Operation);
  return partWith(part.key, selectFrom(part.operations, kept), records);
}

/** Leaves out crashed operations that the model knows nobody could have noticed. */
export function withoutUnobservable(model: Model, part: Part): Part {
  const { length, returns, operation } = part.operations;
  if (model.unobservable === undefined || !returns.includes(Infinity)) return part;
  const gone = model.unobservable(Array.from({ length }, (_, at) => operation(at)));
  return gone.includes(true) ? filterPart(part, (at) => gone[at] !== true) : part;
}

/** Null for an operation that says nothing because it failed. */
export function timedOperation(
  { invoke, complete }: Operation,
  failedCas: FailedCas,
): TimedOperation | null {
  const operation = operationOf(invoke, complete);
  if (isDropped(operation, failedCas)) return null;
  const isKnown = complete !== undefined && complete.phase !== 'info';
  return { operation, calledAt: invoke.index, returnedAt: isKnown ? complete.index : Infinity };
}

function operationOf(invoke: OpEvent, complete: OpEvent | undefined): ModelOperation {
  const { process, op, key = null, value: input } = invoke;
  const phase = complete === undefined ? 'info' : complete.phase;
  if (phase === 'invoke') throw new Error(`expected a completion at event ${invoke.index}`);
  const output = phase === 'ok' && complete !== undefined ? complete.value : null;
  return { process, op, key, input, output, phase };
}

function isDropped({ op, phase }: ModelOperation, failedCas: FailedCas): boolean {
  return phase === 'fail' && (op !== 'cas' || failedCas === 'drop');
}

/** Whether nobody can know that an operation happened, and it changed nothing. */
export function isSilent(model: Model, operation: ModelOperation): boolean {
  return operation.phase === 'info' && model.readOnly?.(operation) === true;
}

export function unknownOperation(model: Model, { op, index }: OpEvent): Error {
  return new Error(
    `expected operations of the model ${model.name} (${model.operations.join(', ')}), ` +
      `got ${JSON.stringify(op)} at event ${index}; choose the model that fits`,
  );
}
