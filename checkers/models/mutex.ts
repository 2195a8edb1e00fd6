import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { partitionByKey } from './value.ts';

/**
 * A lock for each key: `acquire`, `release`. A held lock cannot be acquired and a free one cannot be
 * released; who holds it does not matter. `init` is true for a lock that starts held.
 */
export function mutexModel(init: Json | undefined, name: string): Model<boolean> {
  return {
    name,
    summary: 'each key is a lock that at most one holds at a time',
    operations: ['acquire', 'release'],
    init: heldOf(init),
    step,
    stateKey: Number,
    partition: partitionByKey,
    effect: ({ op }) => op,
    view: ({ op }) => ({ object: 'mutex', kind: op === 'acquire' ? 'acquire' : 'release' }),
    describeOperation: ({ op }) => op,
    describeState: (held) => (held ? 'held' : 'free'),
  };
}

function step(held: boolean, { op, phase }: ModelOperation): readonly boolean[] {
  const possible = op === 'acquire' ? !held : held;
  if (possible) return [!held];
  return phase === 'info' ? [held] : [];
}

function heldOf(init: Json | undefined): boolean {
  if (init === undefined || init === null || typeof init === 'boolean') return init === true;
  throw new Error(
    `expected the initial value to be true, held, or false, free, got ${JSON.stringify(init)}`,
  );
}
