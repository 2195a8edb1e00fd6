import type { Checker } from '../core/checker.ts';
import { type History, operationsOf } from '../core/history.ts';

/**
 * Guards against runs that prove nothing: each kind of operation in the history must have succeeded at
 * least once. Never `invalid`: a system that does nothing breaks no promise.
 */
export const stats: Checker = {
  name: 'stats',
  summary: 'every kind of operation succeeded at least once',
  check(history) {
    const counts = countsOf(history);
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
  },
};

interface Count {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
}

/** Operations by kind and outcome; one without a completion counts as `info`. */
function countsOf(history: History): Readonly<Record<string, Count & { [key: string]: number }>> {
  const counts = new Map<string, { ok: number; fail: number; info: number }>();
  for (const { invoke, complete } of operationsOf(history)) {
    let count = counts.get(invoke.op);
    if (count === undefined) counts.set(invoke.op, (count = { ok: 0, fail: 0, info: 0 }));
    count[complete === undefined || complete.phase === 'invoke' ? 'info' : complete.phase]++;
  }
  return Object.fromEntries(counts);
}
