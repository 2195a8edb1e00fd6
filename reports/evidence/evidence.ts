import type { LinearizabilityFailure, TransactionCycle } from '../../core/evidence.ts';
import type { Json } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { cycleOf } from './cycle.ts';
import { failureOf } from './failure.ts';
import { isList } from './json.ts';

/** What a verdict brings: failures and cycles that can be drawn, and what has some other shape. */
export interface Evidence {
  readonly checker: string;
  readonly failures: readonly LinearizabilityFailure[];
  readonly cycles: readonly TransactionCycle[];
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
  if (failures.found + cycles.found > 0) {
    const unreadable = [...failures.unreadable, ...cycles.unreadable];
    return { checker, failures: failures.read, cycles: cycles.read, unreadable };
  }
  // A checker with evidence of its own kind: better shown as it came than not at all.
  const isLast = parts === undefined || parts.length === 0;
  if (valid !== 'invalid' || !isLast || details === undefined) return null;
  return { checker, failures: [], cycles: [], unreadable: [details] };
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
