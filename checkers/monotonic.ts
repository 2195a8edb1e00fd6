import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import { type Tally, clockOf, createTally, keyWords, objectsOf, verdictOf } from './findings.ts';
import { wordsOf } from './models/value.ts';
import { type Reading, risingPairs } from './rising.ts';

export interface MonotonicOptions {
  /** The operation whose results only grow, `read` by default. */
  readonly reading?: string;
  /** Whether two results in order must differ, as timestamps must; they need not by default. */
  readonly growth?: 'strict' | 'weak';
  /** Whether going back between processes convicts; it does by default, and within one always. */
  readonly realTime?: 'convict' | 'allow';
}

interface Looking {
  readonly at: (event: OpEvent) => string;
  readonly strict: boolean;
  readonly inSession: Tally;
  readonly inRealTime: Tally;
  readonly odd: OpEvent[];
}

/**
 * A value that only grows, such as a counter without subtraction, a sequence number or a timestamp: a
 * read that began after another one had returned never shows less, neither to the same process
 * (`inSession`) nor to another one (`inRealTime`). Reads that overlapped may disagree. Whatever else
 * clients do is taken to make the value grow. Each key is a value of its own. Time is n log n. After the
 * `monotonic` test of Jepsen's CockroachDB suite, with real time instead of the database's.
 */
export function monotonic(options: MonotonicOptions = {}): Checker {
  const { reading = 'read', growth = 'weak', realTime = 'convict' } = options;
  const strict = growth === 'strict';
  const more = strict ? 'more than' : 'no less than';
  return {
    name: 'monotonic',
    summary:
      realTime === 'convict'
        ? `every ${reading} showed ${more} all that had returned before it began`
        : `every ${reading} showed ${more} all that its process had seen before`,
    check(history) {
      const operations = operationsOf(history).filter(({ invoke }) => invoke.op === reading);
      const at = clockOf(operations);
      const [inSession, inRealTime] = [createTally(), createTally()];
      const looking: Looking = { at, strict, inSession, inRealTime, odd: [] };
      let judged = 0;
      for (const own of objectsOf(operations).values()) judged += checkValue(looking, own);
      const reservations: string[] = [];
      const [odd] = looking.odd;
      if (odd !== undefined) {
        reservations.push(
          `expected each ${reading} to return a number, got ${wordsOf(odd.value)} at ${at(odd)}`,
        );
      }
      if (judged === 0) reservations.push(`no two ${reading}s could be held against each other`);
      return verdictOf({
        checker: 'monotonic',
        convicting: realTime === 'convict' ? { inSession, inRealTime } : { inSession },
        reservations,
        praise: `${judged} comparisons, and the value never went back`,
        details: { judged, inRealTime: inRealTime.details() },
      });
    },
  };
}

/** Goes through the reads of one value once; returns how many had something before them. */
function checkValue(looking: Looking, operations: readonly Operation[]): number {
  const highestOf = new Map<number, Reading>();
  let judged = 0;
  const numberIn = (_operation: Operation, event: OpEvent): number | null => {
    if (typeof event.value === 'number' && Number.isFinite(event.value)) return event.value;
    looking.odd.push(event);
    return null;
  };
  for (const { reading, before } of risingPairs(operations, numberIn)) {
    const { process } = reading.event;
    const own = highestOf.get(process);
    if (before !== undefined || own !== undefined) judged++;
    if (own !== undefined) compare(looking, looking.inSession, own, reading);
    if (before !== undefined && before.event.process !== process) {
      compare(looking, looking.inRealTime, before, reading);
    }
    if (own === undefined || reading.value > own.value) highestOf.set(process, reading);
  }
  return judged;
}

function compare({ at, strict }: Looking, tally: Tally, before: Reading, after: Reading): void {
  const back = before.value - after.value;
  if (strict ? back < 0 : back <= 0) return;
  const { event } = after;
  const again = back === 0 ? ' again' : '';
  tally.add({
    severity: back,
    words: `process ${event.process} got ${after.value}${again}${keyWords(event)} at ${at(event)}, after process ${before.event.process} had got ${before.value} at ${at(before.event)}`,
    evidence: {
      before: before.value,
      beforeIndex: before.event.index,
      after: after.value,
      afterIndex: event.index,
    },
  });
}
