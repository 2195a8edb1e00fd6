import { type HistoryEvent, isFaultEvent } from '../../core/event.ts';
import type { Validity } from '../../core/verdict.ts';
import { failureKindOf, reasonKindOf } from '../../runner/failure-kind.ts';
import { messageOf } from '../failure.ts';
import type { Simulated } from '../simulate.ts';

/** A node's program, or the harness, threw: neither right nor wrong, and always worth a look. */
export type Outcome = Validity | 'crashed';

/** What a simulated run came to, in few enough words to keep those of a million runs. */
export interface Digest {
  readonly outcome: Outcome;
  /** Why it is not valid: the same words for every run that fails in the same way. */
  readonly kind?: string;
  /** Why it is not valid, with all particulars. */
  readonly reason?: string;
  /** Where it threw. */
  readonly stack?: string;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** Operations begun until the violation was complete. */
  readonly toViolation?: number;
  /** By kind of fault: how many were put in force, and how many of these changed anything. */
  readonly faults: Readonly<Record<string, { readonly injected: number; readonly bit: number }>>;
  readonly virtualMs: number;
  /** Events of the simulation. With the rest they tell one execution from another. */
  readonly events: number;
}

const longestReason = 600;
const longestStack = 4000;

/** The essence of a run that came to an end. `threw` is what a node's log says of an exception. */
export function digestOf(simulated: Simulated, threw: string | null): Digest {
  const { results, virtualNs, events, conducted } = simulated;
  const { counts } = results.stats;
  const faults = results.faults.map(({ fault, injected, bit }) => [fault, { injected, bit }]);
  const figures = {
    ...counts,
    faults: Object.fromEntries(faults) as Digest['faults'],
    virtualMs: Math.round(virtualNs / 1e6),
    events,
  };
  if (results.valid === 'invalid') {
    const failure = failureKindOf(results.verdict);
    const toViolation = begunBy(conducted.history.events(), failure?.atNs ?? Infinity);
    const kind = failure?.signature ?? reasonKindOf(results.reason);
    const reason = failure?.summary ?? results.reason;
    return { outcome: 'invalid', kind, ...reasoned(reason), ...figures, toViolation };
  }
  if (threw !== null) return { ...crash(threw), ...figures };
  if (results.valid === 'valid') return { outcome: 'valid', ...figures };
  return {
    outcome: 'unknown',
    kind: reasonKindOf(results.reason),
    ...reasoned(results.reason),
    ...figures,
  };
}

const nothing = { ok: 0, fail: 0, info: 0, faults: {}, virtualMs: 0, events: 0 } as const;

/** A run that did not come to an end, because something threw. */
export function crashDigest(error: unknown): Digest {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const message = messageOf(error);
  return { ...crash(stack.includes(message) ? stack : `${message}\n${stack}`), ...nothing };
}

/** A run that was given up because nobody could tell whether it would ever end. */
export function overdueDigest(deadlineMs: number): Digest {
  const reason = `no end within ${deadlineMs / 1000} s of real time`;
  return { outcome: 'unknown', kind: reason, reason, ...nothing };
}

function crash(text: string): Pick<Digest, 'outcome' | 'kind' | 'reason' | 'stack'> {
  const [first = text] = text.split('\n');
  const [, where] = /\n\s+at (?:async )?([^\n(]*?) ?\(?[^\n(]*\)?(?:\n|$)/u.exec(text) ?? [];
  const place = where === undefined || where === '' ? '' : `, in ${where}`;
  return {
    outcome: 'crashed',
    kind: `${reasonKindOf(first)}${place}`,
    ...reasoned(first),
    stack: text.slice(0, longestStack),
  };
}

function reasoned(text: string): { readonly reason: string } {
  return { reason: text.length > longestReason ? `${text.slice(0, longestReason)}…` : text };
}

function begunBy(events: Iterable<HistoryEvent>, timeNs: number): number {
  let begun = 0;
  for (const event of events) {
    if (event.timeNs > timeNs) break;
    if (!isFaultEvent(event) && event.phase === 'invoke') begun++;
  }
  return begun;
}
