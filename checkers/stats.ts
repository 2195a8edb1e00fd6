import type { CheckStream, Checker } from '../core/checker.ts';
import { type HistoryEvent, isFaultEvent } from '../core/event.ts';
import type { Verdict } from '../core/verdict.ts';

/**
 * Guards against runs that prove nothing: each kind of operation in the history must have succeeded at
 * least once. Never `invalid`: a system that does nothing breaks no promise.
 */
export const stats: Checker = {
  name: 'stats',
  summary: 'every kind of operation succeeded at least once',
  check(history) {
    const stream = streamOf();
    for (const event of history.events()) stream.next(event);
    return stream.end();
  },
  stream: streamOf,
};

/** Its memory grows with the kinds of operations and with what is open. */
function streamOf(): CheckStream {
  const counts = createCounts();
  return {
    next(event) {
      counts.take(event);
      return null;
    },
    end: () => verdictOn(counts.finish()),
  };
}

type Count = Record<'ok' | 'fail' | 'info', number>;

function verdictOn(counts: Readonly<Record<string, Count>>): Verdict {
  const kinds = Object.entries(counts);
  const never = kinds.filter(([, { ok }]) => ok === 0).map(([op]) => op);
  const details = { operations: counts };
  if (kinds.length === 0) {
    return { checker: 'stats', valid: 'unknown', summary: 'there were no operations', details };
  }
  if (never.length > 0) {
    const summary = `no ${never.join(' and no ')} ever succeeded, so nothing is known about it`;
    return { checker: 'stats', valid: 'unknown', summary, details };
  }
  const total = kinds.reduce((sum, [, { ok }]) => sum + ok, 0);
  const summary = `${total} operations succeeded, of every kind at least one`;
  return { checker: 'stats', valid: 'valid', summary, details };
}

/** Counts operations by kind and outcome; one without a completion counts as `info`. */
function createCounts() {
  const counts = new Map<string, Count>();
  const open = new Map<number, Count>();
  return {
    take(event: HistoryEvent): void {
      if (isFaultEvent(event)) return;
      const { process, phase, op } = event;
      const begun = open.get(process);
      if (phase === 'invoke') {
        if (begun !== undefined) begun.info++;
        let count = counts.get(op);
        if (count === undefined) counts.set(op, (count = { ok: 0, fail: 0, info: 0 }));
        open.set(process, count);
      } else if (begun !== undefined) {
        begun[phase]++;
        open.delete(process);
      }
    },
    finish(): Readonly<Record<string, Count>> {
      for (const count of open.values()) count.info++;
      return Object.fromEntries(counts);
    },
  };
}
