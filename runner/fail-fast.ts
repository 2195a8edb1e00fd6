import type { Checker, CheckStream } from '../core/checker.ts';
import type { HistoryEvent } from '../core/event.ts';

/** Judges a run while it goes on, to end it at the first violation. */
export interface Lookout {
  /** Takes every event as it is recorded. */
  readonly see: (event: HistoryEvent) => void;
  /** Aborted, with the verdict as its reason, once what was seen can no longer become valid. */
  readonly violated: AbortSignal;
}

/**
 * Steps that the watching may take in all. It works between two operations of the load, so a hard
 * history must not hold that up for long; the check at the end has its own budget.
 */
const maxSteps = 2_000_000;

/** Throws when the checker can only judge a whole history. */
export function lookoutWith(checker: Checker): Lookout {
  let stream: CheckStream | null = openStream(checker);
  const violation = new AbortController();
  return {
    violated: violation.signal,
    see(event) {
      const verdict = stream?.next(event) ?? null;
      if (verdict === null) return;
      stream = null;
      violation.abort(verdict);
    },
  };
}

/** Sees nothing, for a run that goes on to its end. */
export function noLookout(): Lookout {
  return {
    see: () => undefined,
    violated: new AbortController().signal,
  };
}

function openStream(checker: Checker): CheckStream {
  const stream = checker.stream?.({ maxSteps });
  if (stream !== undefined) return stream;
  throw new Error(
    `the checker "${checker.name}" judges whole histories only; leave out --fail-fast`,
  );
}
