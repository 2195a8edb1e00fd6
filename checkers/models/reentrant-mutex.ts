import type { Json, JsonObject } from '../../core/json.ts';
import { abandoned, describeLocking, holderOf, lockOperations } from './locks.ts';
import type { Model, ModelOperation } from './model.ts';
import { partitionByKey, wordsOf } from './value.ts';

interface Held {
  /** Means nothing while there are no holds. */
  readonly holder: number;
  readonly holds: number;
}

/**
 * A lock for each key that its holder can acquire again, and must release as often. `init` is an object
 * whose fields are all optional: `limit`, how often it can be held at a time (without limit by
 * default), and `holder` and `holds`, the process that holds it first and how often.
 */
export function reentrantMutexModel(init: Json | undefined, name: string): Model<Held> {
  const { limit, first } = settingsOf(init);
  return {
    name,
    summary: 'each key is a lock that its holder can acquire again, and must release as often',
    operations: lockOperations,
    init: first,
    step: (state, operation) => step(state, operation, limit),
    stateKey: ({ holder, holds }) => (holds === 0 ? 'free' : `${holder} ${holds}`),
    partition: partitionByKey,
    effect: ({ op, process }) => `${op} ${process}`,
    unobservable: abandoned,
    describeOperation: (operation) => describeLocking(operation),
    describeState: ({ holder, holds }) => {
      if (holds === 0) return 'free';
      return `held by process ${holder}${holds === 1 ? '' : ` ${holds} times`}`;
    },
  };
}

function step(state: Held, { op, process, phase }: ModelOperation, limit: number): readonly Held[] {
  const { holder, holds } = state;
  if (op === 'acquire' && (holds === 0 || (holder === process && holds < limit))) {
    return [{ holder: process, holds: holds + 1 }];
  }
  if (op === 'release' && holds > 0 && holder === process) return [{ holder, holds: holds - 1 }];
  return phase === 'info' ? [state] : [];
}

function settingsOf(init: Json | undefined): { readonly limit: number; readonly first: Held } {
  if (init === undefined || init === null) return { limit: Infinity, first: free };
  if (typeof init !== 'object' || Array.isArray(init) || !Object.keys(init).every(isField)) {
    throw new Error(
      `expected the initial value to be an object such as {"limit": 2, "holder": 0, "holds": 1}, ` +
        `each field optional, got ${wordsOf(init)}`,
    );
  }
  const { limit = null, holder = null, holds = null } = init as JsonObject;
  const most = limit === null ? Infinity : countOf(limit, 'the limit');
  if (holder === null) {
    if (holds === null) return { limit: most, first: free };
    throw new Error(`expected a holder beside the ${wordsOf(holds)} holds, got none`);
  }
  const times = holds === null ? 1 : countOf(holds, 'the number of holds');
  if (times > most) throw new Error(`expected from 1 to ${most} holds, got ${times}`);
  return { limit: most, first: { holder: holderOf(holder), holds: times } };
}

const free: Held = { holder: 0, holds: 0 };

function isField(name: string): boolean {
  return name === 'limit' || name === 'holder' || name === 'holds';
}

function countOf(value: Json, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw new Error(`expected ${what} to be an integer of 1 or more, got ${wordsOf(value)}`);
}
