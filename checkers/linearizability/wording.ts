import type { Operation } from '../../core/history.ts';
import type { Model } from '../models/model.ts';
import { timedAt } from './operations.ts';
import type { Part } from './part.ts';

/** How a moment of the history is told. */
export type Moment = (event: { readonly index: number; readonly timeNs: number }) => string;

/**
 * Seconds from the start of the run; or places in the history where nobody recorded times, which the
 * readers show by giving every event its index as its time.
 */
export function momentsOf(part: Part): Moment {
  const timed = part.records().some(({ invoke }) => invoke.timeNs !== invoke.index);
  return ({ index, timeNs }) => (timed ? `${(timeNs / 1e9).toFixed(4)} s` : `event ${index}`);
}

/** `read → 7` and the like. */
export function labelOf(model: Model, part: Part, at: number): string {
  const operation = timedAt(part.operations, at)?.operation;
  return operation === undefined ? '' : model.describeOperation(operation);
}

/** `process 4 on n3`. */
export function whoOf({ invoke, complete }: Operation): string {
  const node = complete?.node ?? invoke.node;
  return `process ${invoke.process}${node === undefined ? '' : ` on ${node}`}`;
}

/** `enqueue 7 (process 4 on n3) was over by 1.250 s`. */
export function overBy(model: Model, part: Part, at: number): string {
  const record = part.records()[at];
  const done = record?.complete === undefined ? 'before' : `by ${momentsOf(part)(record.complete)}`;
  const who = record === undefined ? '' : ` (${whoOf(record)})`;
  return `${labelOf(model, part, at)}${who} was over ${done}`;
}
