import type { HistoryEvent } from '../core/event.ts';
import type { Breach } from '../core/invariant.ts';
import { type Lookout, lookoutWith, noLookout } from './fail-fast.ts';
import type { Test, Watcher } from './test.ts';

/** Everything that may end a run before its time, and what came of it. */
export interface Endings {
  /** Aborted when the main phase is to end. */
  readonly signal: AbortSignal;
  /** Whether a violation was seen: then what would follow only costs time. */
  violated(): boolean;
  /** Why it ended, or null when it did not end early. */
  why(): string | null;
  /** Takes every event as it is recorded. */
  readonly see: (event: HistoryEvent) => void;
  readonly onBreach: (breach: Breach) => void;
  /** Invariants that did not hold. */
  readonly breaches: readonly Breach[];
}

/** An invariant that does not hold ends a run always; an invalid history only where that is asked for. */
export function endingsOf({ plan, workload }: Test, { signal }: Watcher): Endings {
  const lookout: Lookout =
    plan.failFast === true ? lookoutWith(workload.checker(plan)) : noLookout();
  const breached = new AbortController();
  const breaches: Breach[] = [];
  const given = signal === undefined ? [] : [signal];
  const violated = (): boolean => lookout.violated.aborted || breached.signal.aborted;
  return {
    signal: AbortSignal.any([lookout.violated, breached.signal, ...given]),
    violated,
    why() {
      if (violated()) return 'ended at the first violation';
      return signal?.aborted === true ? 'ended early by the user' : null;
    },
    see: lookout.see,
    onBreach(breach) {
      breaches.push(breach);
      breached.abort();
    },
    breaches,
  };
}
