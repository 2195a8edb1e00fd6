import type { Operation } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Model, RegisterOperation } from '../models/model.ts';
import { sameValue, wordsOf } from '../models/value.ts';
import type { Part, TimedOperation } from './part.ts';

/** How a moment of the history is told. */
export type Moment = (event: { readonly index: number; readonly timeNs: number }) => string;

/**
 * Seconds from the start of the run; or places in the history where nobody recorded times, which the
 * readers show by giving every event its index as its time.
 */
export function momentsOf(part: Part): Moment {
  const timed = part.records.some(({ invoke }) => invoke.timeNs !== invoke.index);
  return ({ index, timeNs }) => (timed ? `${(timeNs / 1e9).toFixed(4)} s` : `event ${index}`);
}

/**
 * One sentence on why an operation cannot be placed, without a full stop. Where the model is a register
 * it names the operation that contradicts it, if one alone does; each such claim follows from the order
 * of events alone and does not trust the search.
 */
export function explain(model: Model, part: Part, stuck: number, stateText: string): string {
  const record = part.records[stuck];
  if (record === undefined) return 'no order of the operations explains their results';
  const moment = momentsOf(part);
  const when =
    record.complete === undefined
      ? `from ${moment(record.invoke)}`
      : `from ${moment(record.invoke)} to ${moment(record.complete)}`;
  const subject = `${whoOf(record)}: ${labelOf(model, part, stuck)}, ${when}`;
  const contradiction = contradictionOf(model, part, stuck, moment);
  if (contradiction !== null) return `${subject}; but ${contradiction}`;
  return (
    `${subject}; no order of the operations up to there explains it: ` +
    `the longest one that fits ends with ${stateText}`
  );
}

/** `read → 7` and the like. */
export function labelOf(model: Model, part: Part, at: number): string {
  const operation = part.operations[at]?.operation;
  return operation === undefined ? '' : model.describeOperation(operation);
}

/** `process 4 on n3`. */
export function whoOf({ invoke, complete }: Operation): string {
  const node = complete?.node ?? invoke.node;
  return `process ${invoke.process}${node === undefined ? '' : ` on ${node}`}`;
}

function contradictionOf(model: Model, part: Part, stuck: number, moment: Moment): string | null {
  const views: RegisterOperation[] = [];
  for (const { operation } of part.operations) {
    const view = model.asRegister?.(operation) ?? null;
    if (view === null) return null;
    views.push(view);
  }
  const [self, view] = [part.operations[stuck], views[stuck]];
  if (self === undefined || view === undefined || view.kind === 'write') return null;
  const value = view.kind === 'read' ? view.value : view.from;

  const writers = [...views.keys()].filter(
    (at) => at !== stuck && producedBy(views[at], value) && calledBy(part.operations[at], self),
  );
  const isInitial = sameValue(model.init as Json, value);
  if (writers.length === 0 && !isInitial) {
    return `nobody had begun to write ${wordsOf(value)} before it returned`;
  }
  // From here on nobody who writes the value is at work, as far as the operation can have seen.
  const since = Math.max(-1, ...writers.map((at) => part.operations[at]?.returnedAt ?? Infinity));
  const witness = [...views.keys()].findLast((at) => {
    const other = part.operations[at];
    const after = valueAfter(views[at]);
    if (other === undefined || at === stuck || after === null) return false;
    return (
      other.calledAt > since && other.returnedAt < self.calledAt && !sameValue(after.value, value)
    );
  });
  if (witness === undefined) return null;
  return contradictionBy(model, part, witness, moment);
}

function contradictionBy(model: Model, part: Part, witness: number, moment: Moment): string {
  const record = part.records[witness];
  const done = record?.complete === undefined ? 'before' : `by ${moment(record.complete)}`;
  const who = record === undefined ? '' : ` (${whoOf(record)})`;
  return (
    `${labelOf(model, part, witness)}${who} was over ${done}, before it began, ` +
    `and nobody has written the older value since`
  );
}

function producedBy(view: RegisterOperation | undefined, value: Json): boolean {
  if (view === undefined || view.kind === 'read') return false;
  return sameValue(view.kind === 'write' ? view.value : view.to, value);
}

/** The register's value at the moment of an operation that certainly happened. */
function valueAfter(view: RegisterOperation | undefined): { readonly value: Json } | null {
  if (view === undefined) return null;
  return { value: view.kind === 'cas' ? view.to : view.value };
}

function calledBy(writer: TimedOperation | undefined, self: TimedOperation): boolean {
  return writer !== undefined && writer.calledAt <= self.returnedAt;
}
