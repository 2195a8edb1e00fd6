import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import {
  type Finding,
  type Tally,
  clockOf,
  createTally,
  evidenceOf,
  keyWords,
  objectsOf,
  strangersIn,
  successOf,
  withoutJudgement,
  verdictOf,
} from './findings.ts';
import { valueKey, wordsOf } from './models/value.ts';
import { type Element, type Read, elementsAdded, see, sight } from './set-elements.ts';

export interface SetFullOptions {
  /** Whether an element that a read missed and a later one saw convicts; it does by default. */
  readonly staleReads?: 'convict' | 'allow';
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
    if (event?.op !== 'read' || event.value === null || Array.isArray(event.value)) continue;
    return `expected reads to return an array, got ${wordsOf(event.value)}`;
  }
  return null;
}

/** A set to which nobody has added may be none yet. */
function elementsIn(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** `operations` are those of one set, in order of invocation, and so are the reads. */
function checkSet(looking: Looking, operations: readonly Operation[]): void {
  const reads = operations.flatMap((operation): Read[] => {
    const complete = successOf(operation);
    if (complete?.op !== 'read') return [];
    return [{ invoke: operation.invoke, complete, values: elementsIn(complete.value) }];
  });
  const elements = elementsAdded(operations);
  const shown = reads.map((read, place) => learnFromRead(looking, elements, { ...read, place }));
  for (const [place, those] of shown.entries()) {
    for (const element of those) see(element, reads, place);
  }
  for (const element of elements.values()) {
    looking.attempted++;
    if (element.acknowledged) looking.acknowledged++;
    judge(looking, element, reads);
  }
}

/**
 * Finds what is wrong with one read by itself, and when its elements were known. Returns the elements
 * that it shows and somebody added at some time.
 */
function learnFromRead(
  looking: Looking,
  elements: ReadonlyMap<string | number, Element>,
  read: Read & { readonly place: number },
): readonly Element[] {
  const { complete, place } = read;
  const shown: Element[] = [];
  const strangers = new Set<string | number>();
  const repeated = new Map<string | number, Json>();
  for (const value of read.values) {
    const key = valueKey(value);
    const element = elements.get(key);
    if (element === undefined ? strangers.has(key) : element.shownIn === place) {
      repeated.set(key, value);
      continue;
    }
    if (element === undefined) strangers.add(key);
    else {
      element.shownIn = place;
      shown.push(element);
    }
    if (element !== undefined && element.added.index < complete.index) {
      sight(element, read);
    } else {
      const why = element === undefined ? 'nobody added' : 'nobody had added by then';
      looking.unexpected.add(oddElement(looking, read, { value, how: '', why: `, which ${why}` }));
    }
  }
  for (const value of repeated.values()) {
    looking.duplicated.add(oddElement(looking, read, { value, how: ' more than once', why: '' }));
  }
  return shown;
}

function oddElement(
  { at }: Looking,
  { complete }: Read,
  { value, how, why }: { readonly value: Json; readonly how: string; readonly why: string },
): Finding {
  const { process, key, index } = complete;
  const where = key === undefined ? '' : `from key ${JSON.stringify(key)} `;
  return {
    severity: 0,
    words: `process ${process} read ${where}the element ${wordsOf(value)}${how} at ${at(complete)}${why}`,
    evidence: { value: evidenceOf(value), index },
  };
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
  const how = `was missing from ${missed === 1 ? 'a later read,' : `${missed} later reads, the last`} by process ${missedBy.process} begun at ${at(missedBy)}`;
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
