import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import {
  clockOf,
  createTally,
  keyWords,
  objectsOf,
  outcomeOf,
  strangersIn,
  successOf,
  withoutJudgement,
  verdictOf,
} from './findings.ts';
import { wordsOf } from './models/value.ts';

export interface CounterBoundsOptions {
  /** What the counter holds at the start, 0 by default. */
  readonly init?: number;
}

/** A read with the least and the most that it may have returned. */
interface BoundedRead {
  readonly read: OpEvent;
  readonly least: number;
  readonly most: number;
}

/**
 * Every read of a counter lies between what must have been added before it began and what may have been
 * added before it ended: an `add` that returned before it counts, one that was under way or crashed may
 * count, one that failed does not. Amounts may be negative. Reads are judged one by one, so two that
 * contradict each other only are not found. Each key is a counter of its own; time is n log n. After the
 * `counter` checker of Jepsen, which knows no negative amounts.
 */
export function counterBounds({ init = 0 }: CounterBoundsOptions = {}): Checker {
  return {
    name: 'counter-bounds',
    summary: 'every read lay between what must and what may have been added by then',
    check(history) {
      const operations = operationsOf(history);
      const problem = strangersIn(operations, ['add', 'read']) ?? oddAmount(operations);
      if (problem !== null) return withoutJudgement('counter-bounds', problem);
      const at = clockOf(operations);
      const outside = createTally();
      let reads = 0;
      for (const own of objectsOf(operations).values()) {
        for (const { read, least, most } of boundedReads(own, init)) {
          reads++;
          const value = read.value as number;
          if (value >= least && value <= most) continue;
          outside.add({
            severity: Math.max(least - value, value - most),
            words: `process ${read.process} read ${value}${keyWords(read)} at ${at(read)}, where ${least} to ${most} was possible`,
            evidence: { index: read.index, value, least, most },
          });
        }
      }
      return verdictOf({
        checker: 'counter-bounds',
        convicting: { outside },
        reservations: reads === 0 ? ['no read succeeded'] : [],
        praise: `${reads} reads, each within its bounds`,
        details: { reads },
      });
    },
  };
}

/** Sums are exact as long as all that was ever added stays a safe integer. */
function oddAmount(operations: readonly Operation[]): string | null {
  let size = 0;
  for (const operation of operations) {
    const { invoke } = operation;
    const event = invoke.op === 'add' ? invoke : successOf(operation);
    if (event === null) continue;
    if (!Number.isSafeInteger(event.value)) {
      return `expected ${event.op} to have a safe integer, got ${wordsOf(event.value)}`;
    }
    if (event.op === 'add') size += Math.abs(event.value as number);
  }
  return Number.isSafeInteger(size) ? null : 'the amounts are too large to be added up exactly';
}

interface Sums {
  /** Amounts above and below zero that were added for certain. */
  readonly must: { up: number; down: number };
  /** Amounts above and below zero that were asked for and did not fail: those of `must` among them. */
  readonly may: { up: number; down: number };
}

/** Goes through the events once; every bound is a sum of running sums. */
function* boundedReads(operations: readonly Operation[], init: number): Generator<BoundedRead> {
  const sums: Sums = { must: { up: 0, down: 0 }, may: { up: 0, down: 0 } };
  const began = new Map<Operation, { readonly up: number; readonly down: number }>();
  const moments = operations
    .filter((operation) => outcomeOf(operation) !== 'fail')
    .flatMap((operation) => [
      { operation, event: operation.invoke },
      ...(operation.complete === undefined ? [] : [{ operation, event: operation.complete }]),
    ])
    .toSorted((one, other) => one.event.index - other.event.index);
  for (const { operation, event } of moments) {
    if (event.phase === 'info') continue;
    if (event.op === 'add') {
      addTo(event.phase === 'ok' ? sums.must : sums.may, operation.invoke.value as number);
    } else if (event.phase === 'invoke') began.set(operation, { ...sums.must });
    else {
      const { up, down } = began.get(operation) ?? sums.must;
      began.delete(operation);
      yield { read: event, least: init + up + sums.may.down, most: init + down + sums.may.up };
    }
  }
}

function addTo(sum: { up: number; down: number }, amount: number): void {
  if (amount > 0) sum.up += amount;
  else sum.down += amount;
}
