import type { LinearizabilityFailure, TransactionCycle } from '../../core/evidence.ts';
import type { Breach } from '../../core/invariant.ts';
import type { Json } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { breachOf } from './breach.ts';
import { cycleOf } from './cycle.ts';
import { failureOf } from './failure.ts';
import { isList } from './json.ts';

/** What a verdict brings: what can be drawn or told, and what has some other shape. */
export interface Evidence {
  readonly checker: string;
  readonly failures: readonly LinearizabilityFailure[];
  readonly cycles: readonly TransactionCycle[];
  readonly breaches: readonly Breach[];
  readonly unreadable: readonly Json[];
}

/** The evidence of a verdict and of all the verdicts it was put together from, in order. */
export function evidenceOf(verdict: Verdict): Evidence[] {
  const own = ownEvidence(verdict);
  return [
    ...(own === null ? [] : [own]),
    ...(verdict.parts ?? []).flatMap((part) => evidenceOf(part)),
  ];
}

function ownEvidence({ checker, valid, details, parts }: Verdict): Evidence | null {
  const failures = readAll(details?.failures, failureOf);
  const cycles = readAll(details?.cycles, cycleOf);
  const breaches = readAll(details?.breaches, breachOf);
  const read = { failures: failures.read, cycles: cycles.read, breaches: breaches.read };
  if (failures.found + cycles.found + breaches.found > 0) {
    const unreadable = [failures, cycles, breaches].flatMap((each) => each.unreadable);
    return { checker, ...read, unreadable };
  }
  // A checker with evidence of its own kind: better shown as it came than not at all.
  const isLast = parts === undefined || parts.length === 0;
  if (valid !== 'invalid' || !isLast || details === undefined) return null;
  return { checker, ...read, unreadable: [details] };
}

function readAll<T>(value: Json | undefined, read: (item: Json) => T | null) {
  const candidates = isList(value) ? value : [];
  const items = candidates.map((each) => ({ each, item: read(each) }));
  return {
    found: candidates.length,
    read: items.flatMap(({ item }) => (item === null ? [] : [item])),
    unreadable: items.flatMap(({ each, item }) => (item === null ? [each] : [])),
  };
}
