import type { OpEvent } from '../core/event.ts';
import type { Operation } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Verdict } from '../core/verdict.ts';
import { keyName, wordsOf } from './models/value.ts';

/** The most examples of one kind that a verdict carries; the rest are counted. */
export const mostExamples = 16;

/** Something found in a history: how bad, what to say of it, and the evidence. */
export interface Finding {
  readonly severity: number;
  /** A sentence without a full stop: value, process and times. */
  readonly words: string;
  readonly evidence: JsonObject;
}

/** Counts findings of one kind and keeps the worst of them, the earlier of two that are equally bad. */
export interface Tally {
  count(): number;
  add(finding: Finding): void;
  worst(): Finding | undefined;
  /** `{ count, examples, leftOut }`, the worst examples first. */
  details(): JsonObject;
}

export function createTally(): Tally {
  let count = 0;
  const kept: Finding[] = [];
  return {
    count: () => count,
    add(finding) {
      count++;
      const least = kept.length < mostExamples ? -Infinity : (kept.at(-1)?.severity ?? -Infinity);
      if (finding.severity <= least) return;
      const place = kept.findIndex(({ severity }) => severity < finding.severity);
      kept.splice(place < 0 ? kept.length : place, 0, finding);
      if (kept.length > mostExamples) kept.pop();
    },
    worst: () => kept[0],
    details: () => ({
      count,
      examples: kept.map(({ words, evidence }) => ({ words, ...evidence })),
      leftOut: count - kept.length,
    }),
  };
}

/** What a checker found, before it is put into a verdict. */
export interface Judgement {
  readonly checker: string;
  /** Kinds of findings that convict, the worst kind first. */
  readonly convicting: Readonly<Record<string, Tally>>;
  /** Why nothing more than `unknown` can be said when nothing convicts. */
  readonly reservations: readonly string[];
  /** What to say when all is well. */
  readonly praise: string;
  readonly details?: JsonObject;
}

/** Invalid when anything convicts, else unknown when there are reservations, else valid. */
export function verdictOf(judgement: Judgement): Verdict {
  const { checker, convicting, reservations, praise } = judgement;
  const found = Object.entries(convicting);
  const details: JsonObject = {
    ...judgement.details,
    ...Object.fromEntries(found.map(([kind, tally]) => [kind, tally.details()])),
    ...(reservations.length > 0 ? { reservations: reservations.slice(0, mostExamples) } : {}),
  };
  const guilty = found.filter(([, tally]) => tally.count() > 0);
  const worst = guilty[0]?.[1].worst();
  if (worst !== undefined) {
    const counts = guilty.map(([kind, tally]) => `${kind}: ${tally.count()}`).join(', ');
    return { checker, valid: 'invalid', summary: `${worst.words} (${counts})`, details };
  }
  if (reservations.length > 0) {
    const summary = reservations.slice(0, mostExamples).join('; ');
    return { checker, valid: 'unknown', summary, details };
  }
  return { checker, valid: 'valid', summary: praise, details };
}

/**
 * Tells when an event was: in seconds from the start of the run, or by its place in a history without
 * times, where the readers of files let every event's place stand for its time.
 */
export function clockOf(operations: readonly Operation[]): (event: OpEvent) => string {
  const timed = operations.some(({ invoke }) => invoke.timeNs !== invoke.index);
  return ({ index, timeNs }) => (timed ? `${(timeNs / 1e9).toFixed(3)} s` : `event ${index}`);
}

/** A value as evidence: whole when it is short, cut when it is not. */
export function evidenceOf(value: Json): Json {
  const words = wordsOf(value);
  return words === JSON.stringify(value) ? value : words;
}

/** How an operation ended; one without a completion is as unknown as one that ended `info`. */
export function outcomeOf({ complete }: Operation): 'ok' | 'fail' | 'info' {
  const phase = complete?.phase;
  return phase === 'ok' || phase === 'fail' ? phase : 'info';
}

/** The completion of an operation that succeeded, else null. */
export function successOf({ complete }: Operation): OpEvent | null {
  return complete?.phase === 'ok' ? complete : null;
}

/** Each key is an object of its own; operations without a key are of one object. */
export function objectsOf(operations: readonly Operation[]): ReadonlyMap<string, Operation[]> {
  return Map.groupBy(operations, ({ invoke: { key } }) => (key === undefined ? '' : keyName(key)));
}

/** `of key "a" `, or nothing where there are no keys. */
export function keyWords({ key }: OpEvent): string {
  return key === undefined ? '' : ` of key ${JSON.stringify(key)}`;
}

/**
 * A reservation against a history that holds operations whose meaning a checker does not know. They
 * may have changed anything, so that nothing can be concluded.
 */
export function strangersIn(
  operations: readonly Operation[],
  known: readonly string[],
): string | null {
  const strangers = new Set<string>();
  for (const { invoke } of operations) if (!known.includes(invoke.op)) strangers.add(invoke.op);
  if (strangers.size === 0) return null;
  const some = [...strangers].slice(0, mostExamples).join(', ');
  return `expected only the operations ${known.join(', ')}, got ${some}: nothing can be concluded`;
}

/** A verdict on what cannot be judged at all. */
export function withoutJudgement(checker: string, reason: string): Verdict {
  return { checker, valid: 'unknown', summary: reason };
}
