import type { OpEvent } from '../core/event.ts';
import type { Operation } from '../core/history.ts';
import { outcomeOf } from './findings.ts';

/**
 * How long a hold lasts that nobody is known to have ended: for ever, for so many milliseconds from when
 * it was asked for, or nobody knows.
 */
export type Lease = 'none' | 'unknown' | number;

/** A time in which a process holds a lock: from the return of its `acquire` on. */
export interface Hold {
  readonly asked: OpEvent;
  readonly acquired: OpEvent;
  /** The call of the `release` that ended it; null when there was none. */
  readonly ended: OpEvent | null;
  /** The process certainly holds the lock until this index and, from the call on, so long; exclusive. */
  readonly certainUntil: number;
  readonly certainForNs: number;
}

interface OpenHold {
  readonly asked: OpEvent;
  readonly acquired: OpEvent;
  /** Since when it may have been over, without anybody having said so. */
  doubted: number;
}

/**
 * The holds of one lock, in the order in which they began. An ok `release` says that its process held
 * the lock when it called. A crashed one may have come late or never, and a failed one may have failed
 * because the lease was over: after these, and after a release by somebody who held nothing, the rest
 * of a hold is certain only where holds have no end of their own.
 */
export function holdsOf(operations: readonly Operation[], lease: Lease): readonly Hold[] {
  const open = new Map<number, OpenHold[]>();
  const holds: Hold[] = [];
  const forNs = typeof lease === 'number' ? lease * 1e6 : Infinity;
  const close = (hold: OpenHold, ended: OpEvent | null, certain: boolean): void => {
    const end = ended?.index ?? Infinity;
    const { asked, acquired, doubted } = hold;
    const known = certain || lease !== 'unknown' ? Math.min(end, doubted) : acquired.index;
    holds.push({ asked, acquired, ended, certainUntil: known, certainForNs: forNs });
  };
  for (const { event, operation } of momentsOf(operations)) {
    const own = open.get(event.process) ?? [];
    open.set(event.process, own);
    if (event.op === 'acquire') {
      own.push({ asked: operation.invoke, acquired: event, doubted: Infinity });
      continue;
    }
    const outcome = outcomeOf(operation);
    if (outcome === 'fail' && lease !== 'unknown') continue;
    const hold = own.pop();
    if (hold !== undefined) close(hold, event, outcome === 'ok');
    else if (outcome !== 'fail') {
      for (const other of [...open.values()].flat()) {
        other.doubted = Math.min(other.doubted, event.index);
      }
    }
  }
  for (const hold of [...open.values()].flat()) close(hold, null, false);
  return holds.sort((one, other) => one.acquired.index - other.acquired.index);
}

/** Returns of what was acquired and calls of releases, in their order. */
function momentsOf(operations: readonly Operation[]) {
  return operations
    .flatMap((operation) => {
      const { invoke, complete } = operation;
      if (invoke.op === 'release') return [{ operation, event: invoke }];
      return invoke.op === 'acquire' && complete?.phase === 'ok'
        ? [{ operation, event: complete }]
        : [];
    })
    .sort((one, other) => one.event.index - other.event.index);
}

/** Whether a hold certainly lasts at the moment of an event. */
export function certainlyLasts(hold: Hold, at: OpEvent): boolean {
  const { asked, certainUntil, certainForNs } = hold;
  return at.index < certainUntil && at.timeNs - asked.timeNs < certainForNs;
}

/** Whether it may last then, for all that is known. */
export function mayLast({ asked, ended, certainForNs }: Hold, at: OpEvent): boolean {
  return at.index < (ended?.index ?? Infinity) && at.timeNs - asked.timeNs < certainForNs;
}
