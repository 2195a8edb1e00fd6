import type { LinearizabilityFailure, TransactionCycle } from '../core/evidence.ts';
import type { Breach } from '../core/invariant.ts';
import type { JsonObject } from '../core/json.ts';
import type { Verdict } from '../core/verdict.ts';

/** What two failures have in common that are of one kind, whatever the values, nodes and times. */
export interface FailureKind {
  /** Who convicted: a checker's name, or `invariants`. */
  readonly checker: string;
  /** The kind in words that are the same for every failure of it: `linearizable cas-register: read; …`. */
  readonly signature: string;
  /** The same failure in one sentence, with all particulars. */
  readonly summary: string;
  /** When the first failure of this kind was complete, on the run's clock; null where none is told. */
  readonly atNs: number | null;
}

/**
 * Of which kind the failure is that a verdict tells of. The part that decided it counts, and of its
 * failures the first in time: what follows a violation is often only its consequence. Null when the
 * verdict does not convict.
 */
export function failureKindOf(verdict: Verdict): FailureKind | null {
  const deciding = decidingPart(verdict);
  if (deciding === null) return null;
  const { checker } = deciding;
  const { what, atNs, summary = deciding.summary } = tell(deciding);
  return { checker, signature: `${checker}${what}`, summary, atNs };
}

/** The reason for what could not be told, without what differs from seed to seed. */
export function reasonKindOf(reason: string): string {
  return withoutDetails(reason);
}

/** The first part that convicts, as deep as there are parts. */
function decidingPart(verdict: Verdict): Verdict | null {
  if (verdict.valid !== 'invalid') return null;
  for (const part of verdict.parts ?? []) {
    const deciding = decidingPart(part);
    if (deciding !== null) return deciding;
  }
  return verdict;
}

interface Told {
  /** What stands behind the checker's name. */
  readonly what: string;
  readonly atNs: number | null;
  /** Where the verdict's own sentence tells of another failure first. */
  readonly summary?: string;
}

/** Every reader of evidence knows one form of it and passes on what it does not know. */
function tell(verdict: Verdict): Told {
  for (const reader of [breachIn, violationIn, anomalyIn, findingIn]) {
    const told = reader(verdict, verdict.details ?? {});
    if (told !== null) return told;
  }
  return { what: `: ${withoutDetails(verdict.summary)}`, atNs: null };
}

function breachIn(_: Verdict, { breaches }: JsonObject): Told | null {
  const [first] = listOf(breaches) as readonly Breach[];
  return first === undefined ? null : { what: `: ${first.invariant}`, atNs: first.timeNs };
}

function violationIn(_: Verdict, { failures }: JsonObject): Told | null {
  const [first] = (listOf(failures) as readonly LinearizabilityFailure[]).toSorted(
    (one, other) => one.window.toNs - other.window.toNs,
  );
  if (first === undefined) return null;
  const culprit = first.operations[first.stuck.at(-1) ?? -1]?.op ?? 'an operation';
  const { model, summary, window } = first;
  return { what: ` ${model}: ${culprit}; ${whyOf(first)}`, atNs: window.toNs, summary };
}

/** The end of the sentence on a failure, which says what contradicts the operation. */
function whyOf({ summary }: LinearizabilityFailure): string {
  const [, contradiction] = /; but (.*)$/su.exec(summary) ?? [];
  if (contradiction === undefined) return 'no order of the operations explains it';
  const witness = /^.* \(process [^)]*\) was over (?:by [^,]*|before), /su;
  return withoutDetails(contradiction.replace(witness, 'another operation was over '));
}

/** Adya's and Elle's words for what transactions show; the summary names the one that convicts. */
function anomalyIn({ summary }: Verdict, { cycles, anomalies }: JsonObject): Told | null {
  if (anomalies === undefined && cycles === undefined) return null;
  const [, promised, anomaly] = /^not ([\w-]+), ([\w-]+): /u.exec(summary) ?? [];
  if (promised === undefined || anomaly === undefined) return null;
  const drawn = listOf(cycles) as readonly TransactionCycle[];
  const own = drawn.filter((cycle) => cycle.anomaly === anomaly);
  const ends = own.map(({ transactions }) =>
    Math.max(...transactions.map(({ callNs, returnNs }) => returnNs ?? callNs)),
  );
  return { what: `: ${anomaly}`, atNs: ends.length === 0 ? null : Math.min(...ends) };
}

/** Checkers that count findings by kind end their summaries with the kinds, the worst first. */
function findingIn({ summary }: Verdict, details: JsonObject): Told | null {
  const [, worst] = /\(([\w-]+): \d+(?:, [\w-]+: \d+)*\)$/u.exec(summary) ?? [];
  return worst === undefined || details[worst] === undefined
    ? null
    : { what: `: ${worst}`, atNs: null };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const longest = 240;

/** A sentence without values, keys, nodes, processes and times, which differ between equal failures. */
function withoutDetails(text: string): string {
  const plain = text
    .replaceAll(/"(?:[^"\\]|\\.)*"/gu, '…')
    .replaceAll(/\[[^\]]*\]/gu, '…')
    .replaceAll(/\bn\d+\b/gu, 'a node')
    .replaceAll(/-?\b\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?/gu, '#')
    .replaceAll(/a node(?:(?:, | and )a node)+/gu, 'nodes')
    .replaceAll(/\s+/gu, ' ');
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
