import type { Operation } from '../../core/history.ts';
import type { Part } from '../linearizability/part.ts';
import type { Model, ModelOperation } from '../models/model.ts';

/** An operation of a program, and the part of the object that it touches. */
export interface ProgramOperation {
  readonly operation: ModelOperation;
  readonly record: Operation;
  /** Counts from 0. */
  readonly part: number;
}

/**
 * A history as sequential consistency sees it: what each process did, in its order, and nothing of
 * real time. The parts of the object stay together, each with a state of its own: sequential
 * consistency is not local (Herlihy and Wing 1990, section 3.3: two queues, each sequentially
 * consistent, that are not so together), so the object that must be explained is the product of them all.
 */
export interface Program {
  readonly model: Model;
  readonly parts: readonly (string | null)[];
  /**
   * Numbered by when they returned, those that crashed last. Real time binds nobody here, but it is the
   * best guess at the order.
   */
  readonly operations: readonly ProgramOperation[];
  /** The operations of each process that happened for certain, in its order. */
  readonly sessions: readonly (readonly number[])[];
  readonly crashed: readonly CrashedOperation[];
}

/** An operation that may have happened at any time after what its process did before, or never. */
export interface CrashedOperation {
  readonly operation: number;
  readonly session: number;
  /** How many operations of its session come first. */
  readonly after: number;
}

export function programOf(model: Model, parts: readonly Part[]): Program {
  const operations = parts
    .flatMap((part, at) =>
      part.records().map((record, place): ProgramOperation => {
        return { operation: part.operations.operation(place), record, part: at };
      }),
    )
    .sort((one, other) => endOf(one) - endOf(other) || callOf(one) - callOf(other));
  const byCall = [...operations.keys()].sort(
    (one, other) => callOf(operations[one]) - callOf(operations[other]),
  );
  const byProcess = Map.groupBy(byCall, (at) => operations[at]?.record.invoke.process);
  const sessions: number[][] = [];
  const crashed: CrashedOperation[] = [];
  for (const [session, own] of [...byProcess.values()].entries()) {
    const certain: number[] = [];
    for (const operation of own) {
      if (operations[operation]?.operation.phase !== 'info') certain.push(operation);
      else crashed.push({ operation, session, after: certain.length });
    }
    sessions.push(certain);
  }
  return { model, parts: parts.map(({ key }) => key), operations, sessions, crashed };
}

function endOf({ operation, record }: ProgramOperation): number {
  return operation.phase === 'info' ? Infinity : (record.complete?.index ?? Infinity);
}

function callOf(each: ProgramOperation | undefined): number {
  return each?.record.invoke.index ?? 0;
}
