import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import {
  type Tally,
  clockOf,
  createTally,
  evidenceOf,
  keyWords,
  objectsOf,
  outcomeOf,
  strangersIn,
  successOf,
  withoutJudgement,
  verdictOf,
} from './findings.ts';
import { valueKey, wordsOf } from './models/value.ts';

export interface SetFullOptions {
  /** Whether an element that a read missed and a later one saw convicts; it does by default. */
  readonly staleReads?: 'convict' | 'allow';
}

/** What is known of one element of one set. */
interface Element {
  readonly value: Json;
  /** The first invocation of an add that did not fail. */
  added: OpEvent | null;
  /** The first moment at which it was certain to be there: an add that returned, a read that saw it. */
  known: OpEvent | null;
  acknowledged: boolean;
  /** The end of the last read that saw it. */
  seen: OpEvent | null;
  /** The first read, by place, that has yet to show it; -1 until the reads are gone through. */
  next: number;
  /** How many reads that began after it was known missed it, and the last of them by place. */
  missed: number;
  lastMissed: number;
}

interface Read {
  readonly invoke: OpEvent;
  readonly complete: OpEvent;
  readonly values: readonly Json[];
}

interface Looking {
  readonly at: (event: OpEvent) => string;
  readonly lost: Tally;
  readonly stale: Tally;
  readonly duplicated: Tally;
  readonly unexpected: Tally;
  /** Nanoseconds during which a known element is sure to have been invisible, for each not lost. */
  readonly invisibleNs: number[];
  /** Nanoseconds during which a lost element is sure to have been there after it was known. */
  readonly survivedNs: number[];
  attempted: number;
  acknowledged: number;
  recovered: number;
  neverRead: number;
}

/**
 * A grow-only set: `add` takes an element, `read` returns all of them. An element that is known to be
 * there is in every read that begins later (else it is lost, or stale when it turns up again), no read
 * holds one twice, and none holds what nobody had added by then. Each key is a set of its own. Time is
 * linear in the size of the reads, plus n log n. After the `set-full` checker of Jepsen.
 */
export function setFull({ staleReads = 'convict' }: SetFullOptions = {}): Checker {
  return {
    name: 'set-full',
    summary:
      staleReads === 'convict'
        ? 'an element known to be in the set was in every read that began later, and only what was added'
        : 'an element known to be in the set was in the last reads, and only what was added',
    check(history) {
      const operations = operationsOf(history);
      const problem = strangersIn(operations, ['add', 'read']) ?? oddRead(operations);
      if (problem !== null) return withoutJudgement('set-full', problem);
      const looking = lookingAt(operations);
      for (const own of objectsOf(operations).values()) checkSet(looking, own);
      const { lost, stale, duplicated, unexpected, invisibleNs, recovered, neverRead } = looking;
      const { attempted, acknowledged, survivedNs } = looking;
      const details: JsonObject = {
        attempted,
        acknowledged,
        seen: invisibleNs.length,
        neverRead,
        recovered,
        invisibleAtLeastNs: quantiles(invisibleNs),
        survivedAtLeastNs: quantiles(survivedNs),
        stale: stale.details(),
      };
      const convicting = { lost, unexpected, duplicated };
      const none = 'no element was added that a later read could have shown';
      return verdictOf({
        checker: 'set-full',
        convicting: staleReads === 'convict' ? { ...convicting, stale } : convicting,
        reservations: invisibleNs.length === 0 ? [none] : [],
        praise: `${invisibleNs.length} elements stayed in the set (${recovered} recovered, ${stale.count()} stale, ${neverRead} never read)`,
        details,
      });
    },
  };
}

function lookingAt(operations: readonly Operation[]): Looking {
  return {
    at: clockOf(operations),
    lost: createTally(),
    stale: createTally(),
    duplicated: createTally(),
    unexpected: createTally(),
    invisibleNs: [],
    survivedNs: [],
    attempted: 0,
    acknowledged: 0,
    recovered: 0,
    neverRead: 0,
  };
}

function oddRead(operations: readonly Operation[]): string | null {
  for (const operation of operations) {
    const event = successOf(operation);
    if (event?.op !== 'read' || Array.isArray(event.value)) continue;
    return `expected reads to return an array, got ${wordsOf(event.value)}`;
  }
  return null;
}

/** `operations` are those of one set, in order of invocation, and so are the reads. */
function checkSet(looking: Looking, operations: readonly Operation[]): void {
  const reads = operations.flatMap((operation): Read[] => {
    const complete = successOf(operation);
    if (complete?.op !== 'read') return [];
    return [{ invoke: operation.invoke, complete, values: complete.value as readonly Json[] }];
  });
  const elements = new Map<string | number, Element>();
  for (const operation of operations) {
    if (operation.invoke.op === 'add' && outcomeOf(operation) !== 'fail') {
      learnFromAdd(elements, operation);
    }
  }
  for (const read of reads) learnFromRead(looking, elements, read);
  for (const [place, { values }] of reads.entries()) {
    for (const value of values) {
      const element = elements.get(valueKey(value));
      if (element !== undefined) see(element, reads, place);
    }
  }
  for (const element of elements.values()) {
    looking.attempted++;
    if (element.acknowledged) looking.acknowledged++;
    judge(looking, element, reads);
  }
}

function learnFromAdd(elements: Map<string | number, Element>, operation: Operation): void {
  const { value } = operation.invoke;
  const element = elements.get(valueKey(value)) ?? {
    value,
    added: operation.invoke,
    known: null,
    acknowledged: false,
    seen: null,
    next: -1,
    missed: 0,
    lastMissed: -1,
  };
  elements.set(valueKey(value), element);
  const complete = successOf(operation);
  if (complete === null) return;
  element.known = earlier(element.known, complete);
  element.acknowledged = true;
}

/** Finds what is wrong with one read by itself, and when its elements were known. */
function learnFromRead(
  { at, duplicated, unexpected }: Looking,
  elements: ReadonlyMap<string | number, Element>,
  { complete, values }: Read,
): void {
  const inThisRead = new Set<string | number>();
  const twice = new Set<string | number>();
  const reader = `process ${complete.process} read ${complete.key === undefined ? '' : `from key ${JSON.stringify(complete.key)} `}`;
  for (const value of values) {
    const key = valueKey(value);
    const evidence = { value: evidenceOf(value), index: complete.index };
    if (inThisRead.has(key)) {
      if (twice.has(key)) continue;
      twice.add(key);
      const words = `${reader}the element ${wordsOf(value)} more than once at ${at(complete)}`;
      duplicated.add({ severity: 0, words, evidence });
      continue;
    }
    inThisRead.add(key);
    const element = elements.get(key);
    if (element?.added != null && element.added.index < complete.index) {
      element.known = earlier(element.known, complete);
      element.seen = later(element.seen, complete);
      continue;
    }
    const why = element === undefined ? 'nobody added' : 'nobody had added by then';
    const words = `${reader}the element ${wordsOf(value)} at ${at(complete)}, which ${why}`;
    unexpected.add({ severity: 0, words, evidence });
  }
}

const earlier = (one: OpEvent | null, other: OpEvent): OpEvent =>
  one !== null && one.index <= other.index ? one : other;
const later = (one: OpEvent | null, other: OpEvent): OpEvent =>
  one !== null && one.index >= other.index ? one : other;

/** The place of the first read that began after an event. */
function firstAfter(reads: readonly Read[], event: OpEvent): number {
  let [low, high] = [0, reads.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((reads[middle]?.invoke.index ?? 0) > event.index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Notes that a read showed an element: those skipped since the last one that did have missed it. */
function see(element: Element, reads: readonly Read[], place: number): void {
  if (element.known === null) return;
  if (element.next < 0) element.next = firstAfter(reads, element.known);
  if (place < element.next) return;
  if (place > element.next) {
    element.missed += place - element.next;
    element.lastMissed = place - 1;
  }
  element.next = place + 1;
}

function judge(looking: Looking, element: Element, reads: readonly Read[]): void {
  const { known } = element;
  if (known === null) return;
  see(element, reads, reads.length);
  const missedBy = reads[element.lastMissed];
  const last = reads.at(-1);
  if (element.seen === null && (last === undefined || last.invoke.index < known.index)) {
    looking.neverRead++;
    return;
  }
  if (missedBy !== undefined && (element.seen?.index ?? -1) < missedBy.invoke.index) {
    looking.survivedNs.push(Math.max(0, (element.seen?.timeNs ?? 0) - known.timeNs));
    looking.lost.add(missing(looking, element, { known, missedBy: missedBy.invoke }));
    return;
  }
  if (!element.acknowledged) looking.recovered++;
  looking.invisibleNs.push(missedBy === undefined ? 0 : missedBy.invoke.timeNs - known.timeNs);
  if (missedBy !== undefined) {
    looking.stale.add(missing(looking, element, { known, missedBy: missedBy.invoke }));
  }
}

function missing(
  { at }: Looking,
  { value, missed, seen, acknowledged }: Element,
  { known, missedBy }: { readonly known: OpEvent; readonly missedBy: OpEvent },
) {
  const source = known.op === 'add' ? 'added' : 'read';
  const what = `the element ${wordsOf(value)}${keyWords(known)} that process ${known.process} had ${source} by ${at(known)}`;
  const how = `was missing from ${missed} later reads, the last by process ${missedBy.process} begun at ${at(missedBy)}`;
  return {
    severity: missedBy.timeNs - known.timeNs,
    words: `${what} ${how}`,
    evidence: {
      value: evidenceOf(value),
      acknowledged,
      known: known.index,
      missed,
      lastMissed: missedBy.index,
      invisibleAtLeastNs: missedBy.timeNs - known.timeNs,
      lastSeen: seen?.index ?? null,
    },
  };
}

/** Nearest rank; empty when there is nothing to rank. */
function quantiles(figures: readonly number[]): JsonObject {
  const sorted = figures.toSorted((one, other) => one - other);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  if (sorted.length === 0) return {};
  return { min: sorted[0] ?? 0, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}
