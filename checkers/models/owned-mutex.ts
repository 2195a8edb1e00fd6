import type { Json } from '../../core/json.ts';
import { abandoned, describeLocking, holderOf, lockOperations } from './locks.ts';
import type { Model, ModelOperation } from './model.ts';
import { partitionByKey } from './value.ts';

/** The process that holds the lock, or null. */
type Holder = number | null;

/**
 * A lock for each key that only its holder can release: `acquire`, `release`. Who holds it cannot
 * acquire it again. `init` is the number of the process that holds it first, nobody by default.
 */
export function ownedMutexModel(init: Json | undefined, name: string): Model<Holder> {
  return {
    name,
    summary: 'each key is a lock that only the process that holds it can release',
    operations: lockOperations,
    init: init === undefined || init === null ? null : holderOf(init),
    step,
    stateKey: (holder) => holder ?? 'free',
    partition: partitionByKey,
    effect: ({ op, process }) => `${op} ${process}`,
    unobservable: abandoned,
    describeOperation: (operation) => describeLocking(operation),
    describeState: (holder) => (holder === null ? 'free' : `held by process ${holder}`),
  };
}

function step(holder: Holder, { op, process, phase }: ModelOperation): readonly Holder[] {
  if (op === 'acquire' && holder === null) return [process];
  if (op === 'release' && holder === process) return [null];
  return phase === 'info' ? [holder] : [];
}
