import type { Json } from '../../core/json.ts';
import { abandoned, describeLocking, lockOperations } from './locks.ts';
import type { Model, ModelOperation } from './model.ts';
import { partitionByKey, wordsOf } from './value.ts';

interface Fenced {
  readonly holder: number | null;
  /** The last token that was handed out, or the least that it can have been. */
  readonly token: number;
}

/**
 * A lock for each key that only its holder can release, and whose `acquire` returns a fencing token: an
 * integer greater than every one before it. `init` is the last token before the history; without it the
 * first one may be any.
 */
export function fencedMutexModel(init: Json | undefined, name: string): Model<Fenced> {
  return {
    name,
    summary: 'each key is a lock that hands out a greater token each time it is acquired',
    operations: lockOperations,
    init: { holder: null, token: init === undefined || init === null ? -Infinity : tokenOf(init) },
    step,
    stateKey: ({ holder, token }) => `${holder ?? 'free'} ${token}`,
    partition: partitionByKey,
    effect: ({ op, process, output, phase }) =>
      `${op} ${process} ${op === 'acquire' && phase === 'ok' ? tokenOf(output) : ''}`,
    unobservable: abandoned,
    describeOperation: (operation) => {
      if (operation.op === 'release') return describeLocking(operation);
      const known = operation.phase === 'ok';
      return describeLocking(operation, known ? `token ${wordsOf(operation.output)}` : 'unknown');
    },
    describeState: ({ holder, token }) => {
      const after = token === -Infinity ? '' : `, last token ${token}`;
      return `${holder === null ? 'free' : `held by process ${holder}`}${after}`;
    },
  };
}

/**
 * A crashed acquisition got a token that nobody saw. The next integer is the least it can have been, and
 * whatever can follow a greater one can follow that one, so no other need be tried.
 */
function step(state: Fenced, { op, process, output, phase }: ModelOperation): readonly Fenced[] {
  const { holder, token } = state;
  if (op === 'release' && holder === process) return [{ holder: null, token }];
  if (op === 'acquire' && holder === null) {
    const next = phase === 'ok' ? tokenOf(output) : token + 1;
    if (phase === 'info' || next > token) return [{ holder: process, token: next }];
  }
  return phase === 'info' ? [state] : [];
}

function tokenOf(value: Json): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Error(`expected a fencing token to be an integer, got ${wordsOf(value)}`);
}
