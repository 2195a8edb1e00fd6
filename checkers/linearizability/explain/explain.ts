import type { Model } from '../../models/model.ts';
import type { ObjectName } from '../../models/view.ts';
import { timedAt } from '../operations.ts';
import type { Part } from '../part.ts';
import { labelOf, momentsOf, whoOf } from '../wording.ts';
import { collectionContradiction } from './collection.ts';
import { counterContradiction } from './counter.ts';
import { mutexContradiction } from './mutex.ts';
import { registerContradiction, setContradiction } from './register.ts';

/**
 * Says what contradicts an operation, as the end of a sentence that names the operation; null when no
 * other operation does alone. Each claim follows from the order of events and does not trust a search.
 */
export type Contradiction = (model: Model, part: Part, stuck: number) => string | null;

const contradictionFor: Readonly<Partial<Record<ObjectName, Contradiction>>> = {
  register: registerContradiction,
  queue: collectionContradiction('queue'),
  stack: collectionContradiction('stack'),
  'priority-queue': collectionContradiction('priority-queue'),
  set: setContradiction,
  counter: counterContradiction,
  mutex: mutexContradiction,
};

/**
 * One sentence on why an operation cannot be placed, without a full stop. Where the model is an object
 * that everyone knows, it says what contradicts it, if it takes few words.
 */
export function explain(model: Model, part: Part, stuck: number, stateText: string): string {
  const record = part.records()[stuck];
  const operation = timedAt(part.operations, stuck)?.operation;
  if (record === undefined || operation === undefined) {
    return 'no order of the operations explains their results';
  }
  const moment = momentsOf(part);
  const when =
    record.complete === undefined
      ? `from ${moment(record.invoke)}`
      : `from ${moment(record.invoke)} to ${moment(record.complete)}`;
  const subject = `${whoOf(record)}: ${labelOf(model, part, stuck)}, ${when}`;
  const view = model.view?.(operation) ?? null;
  const contradiction =
    view === null ? null : (contradictionFor[view.object]?.(model, part, stuck) ?? null);
  if (contradiction !== null) return `${subject}; but ${contradiction}`;
  return (
    `${subject}; no order of the operations up to there explains it: ` +
    `the longest one that fits ends with ${stateText}`
  );
}
