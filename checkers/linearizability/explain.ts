import type { Json } from '../../core/json.ts';
import type { Model } from '../models/model.ts';
import { sameValue, wordsOf } from '../models/value.ts';
import { type RegisterView, viewsAs } from '../models/view.ts';
import { queueContradictionOf } from './explain-queue.ts';
import type { Part, TimedOperation } from './part.ts';
import { labelOf, momentsOf, overBy, whoOf } from './wording.ts';

/**
 * One sentence on why an operation cannot be placed, without a full stop. Where the model is a register
 * or a queue it names the operation that contradicts it, if one alone does; each such claim follows from the order
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
  const contradiction =
    contradictionOf(model, part, stuck) ?? queueContradictionOf(model, part, stuck);
  if (contradiction !== null) return `${subject}; but ${contradiction}`;
  return (
    `${subject}; no order of the operations up to there explains it: ` +
    `the longest one that fits ends with ${stateText}`
  );
}

function contradictionOf(model: Model, part: Part, stuck: number): string | null {
  const views = viewsAs(model, 'register', part.operations);
  if (views === null) return null;
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
  return (
    `${overBy(model, part, witness)}, before it began, ` +
    `and nobody has written the older value since`
  );
}

function producedBy(view: RegisterView | undefined, value: Json): boolean {
  if (view === undefined || view.kind === 'read') return false;
  return sameValue(view.kind === 'write' ? view.value : view.to, value);
}

/** The register's value at the moment of an operation that certainly happened. */
function valueAfter(view: RegisterView | undefined): { readonly value: Json } | null {
  if (view === undefined) return null;
  return { value: view.kind === 'cas' ? view.to : view.value };
}

function calledBy(writer: TimedOperation | undefined, self: TimedOperation): boolean {
  return writer !== undefined && writer.calledAt <= self.returnedAt;
}
