import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import type { History } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Verdict } from '../core/verdict.ts';
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

/** How often a queue may hand out one element. */
export type Delivery = 'exactly-once' | 'at-least-once';

export interface QueueAccountOptions {
  readonly checker: 'total-queue' | 'unordered-queue';
  readonly delivery: Delivery;
  /** Whether an element that may still be in the queue at the end keeps the verdict from `valid`. */
  readonly drained: boolean;
}

interface Account {
  readonly at: (event: OpEvent) => string;
  readonly lost: Tally;
  readonly duplicated: Tally;
  readonly unexpected: Tally;
  attempted: number;
  acknowledged: number;
  delivered: number;
  recovered: number;
  /** Gone for all that is known, but a crashed dequeue may have taken them. */
  perhapsLost: number;
  /** Never handed out, and never shown to be gone. */
  left: number;
}

/** What came and went of one value. */
interface Item {
  /** Enqueues that did not fail and were begun by now. */
  begun: number;
  /** Ends of enqueues that were acknowledged. */
  readonly acknowledged: OpEvent[];
  delivered: number;
}

/** An acknowledged element that nobody got, and the look that found the queue empty without it. */
interface Missing {
  readonly value: Json;
  readonly enqueued: OpEvent;
  readonly empty: Look;
}

/** A dequeue of nothing, or a drain: the queue was empty at some moment between the two events. */
interface Look {
  readonly invoke: OpEvent;
  readonly complete: OpEvent;
}

const operationsKnown = ['enqueue', 'dequeue', 'drain'];

/**
 * Accounts for the elements of queues: `enqueue` takes one, `dequeue` returns one, or null when the
 * queue was empty, and `drain` returns an array of all. Each key is a queue of its own. Time is linear
 * in the number of elements, plus n log n.
 */
export function accountOf(history: History, options: QueueAccountOptions): Verdict {
  const { checker, delivery, drained } = options;
  const operations = operationsOf(history);
  const problem =
    strangersIn(operations, operationsKnown) ?? oddElement(operations) ?? oddDrain(operations);
  if (problem !== null) return withoutJudgement(checker, problem);
  const [lost, duplicated, unexpected] = [createTally(), createTally(), createTally()];
  const counts = {
    attempted: 0,
    acknowledged: 0,
    delivered: 0,
    recovered: 0,
    perhapsLost: 0,
    left: 0,
  };
  const account: Account = { at: clockOf(operations), lost, duplicated, unexpected, ...counts };
  for (const own of objectsOf(operations).values()) settle(account, own);
  const convicting = { lost, unexpected };
  const { at: _at, lost: _lost, unexpected: _unexpected, ...details } = account;
  return verdictOf({
    checker,
    convicting: delivery === 'exactly-once' ? { ...convicting, duplicated } : convicting,
    reservations: reservationsOf(account, drained),
    praise: `${account.delivered} elements came out as they went in (${account.recovered} recovered, ${duplicated.count()} duplicated, ${account.left} left)`,
    details: { ...details, duplicated: duplicated.details() },
  });
}

function reservationsOf(account: Account, drained: boolean): string[] {
  const { delivered, perhapsLost, left } = account;
  const reservations: string[] = [];
  if (perhapsLost > 0) {
    reservations.push(`${perhapsLost} elements are gone, but crashed dequeues may have taken them`);
  }
  if (drained && left > 0) {
    reservations.push(`${left} acknowledged elements never came out and may still be in the queue`);
  }
  if (delivered === 0) reservations.push('nothing came out of the queue');
  return reservations;
}

/** A dequeue that returned null would say nothing of such an element. */
function oddElement(operations: readonly Operation[]): string | null {
  const isOdd = operations.some(({ invoke: { op, value } }) => op === 'enqueue' && value === null);
  return isOdd ? 'expected elements, got null, which as an answer means an empty queue' : null;
}

function oddDrain(operations: readonly Operation[]): string | null {
  for (const operation of operations) {
    const event = successOf(operation);
    if (event?.op !== 'drain' || Array.isArray(event.value)) continue;
    return `expected drain to return an array, got ${wordsOf(event.value)}`;
  }
  return null;
}

/** What a successful operation took out. */
function takenBy({ op, value }: OpEvent): readonly Json[] {
  if (op === 'enqueue' || value === null) return [];
  return op === 'drain' ? (value as readonly Json[]) : [value];
}

/** `operations` are those of one queue. */
function settle(account: Account, operations: readonly Operation[]): void {
  const items = new Map<string | number, Item & { readonly value: Json }>();
  const moments = operations
    .flatMap((operation) => {
      const { invoke } = operation;
      const complete = successOf(operation);
      const begins = invoke.op === 'enqueue' && outcomeOf(operation) !== 'fail';
      return [...(begins ? [invoke] : []), ...(complete === null ? [] : [complete])];
    })
    .toSorted((one, other) => one.index - other.index);
  const asked = new Map(operations.map(({ invoke, complete }) => [complete, invoke.value]));
  for (const event of moments) {
    if (event.op === 'enqueue') {
      const value = event.phase === 'ok' ? (asked.get(event) ?? null) : event.value;
      const item = items.get(valueKey(value)) ?? {
        value,
        begun: 0,
        acknowledged: [],
        delivered: 0,
      };
      items.set(valueKey(value), item);
      if (event.phase === 'invoke') {
        item.begun++;
        account.attempted++;
      } else {
        item.acknowledged.push(event);
        account.acknowledged++;
      }
      continue;
    }
    for (const value of takenBy(event)) deliver(account, items.get(valueKey(value)), event, value);
  }
  const looks = looksOf(operations);
  const missing: Missing[] = [];
  for (const { value, acknowledged, delivered } of items.values()) {
    account.recovered += Math.max(0, delivered - acknowledged.length);
    // What came out counts for what was acknowledged first, so that no loss is made up.
    for (const enqueued of acknowledged.slice(delivered)) {
      const empty = looks(enqueued);
      if (empty === null) account.left++;
      else missing.push({ value, enqueued, empty });
    }
  }
  judgeMissing(account, operations, missing);
}

function deliver(account: Account, item: Item | undefined, event: OpEvent, value: Json): void {
  const who = `process ${event.process} got the element ${wordsOf(value)}${keyWords(event)} at ${account.at(event)}`;
  const evidence = { value: evidenceOf(value), index: event.index };
  if (item === undefined || item.begun === 0) {
    const words = `${who}, which nobody had enqueued by then`;
    account.unexpected.add({ severity: 0, words, evidence });
    return;
  }
  if (item.delivered >= item.begun) {
    const words = `${who}, though it had come out as often as it had been enqueued by then`;
    account.duplicated.add({ severity: 0, words, evidence });
    return;
  }
  item.delivered++;
  account.delivered++;
}

/** Finds, of the looks that began after an event and found the queue empty, the one that ended first. */
function looksOf(operations: readonly Operation[]): (event: OpEvent) => Look | null {
  const looks = operations.flatMap((operation): Look[] => {
    const complete = successOf(operation);
    if (complete === null || complete.op === 'enqueue') return [];
    const empty = complete.op === 'drain' || complete.value === null;
    return empty ? [{ invoke: operation.invoke, complete }] : [];
  });
  const soonest: Look[] = [...looks];
  for (let place = looks.length - 2; place >= 0; place--) {
    const [here, next] = [soonest[place], soonest[place + 1]];
    if (here !== undefined && next !== undefined && next.complete.index < here.complete.index) {
      soonest[place] = next;
    }
  }
  return (event) => {
    let [low, high] = [0, looks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((looks[middle]?.invoke.index ?? 0) > event.index) high = middle;
      else low = middle + 1;
    }
    return soonest[low] ?? null;
  };
}

/**
 * An element must be gone before the look that found the queue empty ended, and a crashed dequeue may
 * have taken one of them if it began before that. Going by those moments, as many as exceed the crashed
 * dequeues so far are lost (Hall's condition; the sets of possible takers are nested).
 */
function judgeMissing(
  account: Account,
  operations: readonly Operation[],
  missing: readonly Missing[],
): void {
  const takers = operations
    .filter((each) => each.invoke.op !== 'enqueue' && outcomeOf(each) === 'info')
    .map(({ invoke }) => invoke);
  let next = 0;
  let free = 0;
  const byDeadline = missing.toSorted(
    (one, other) => one.empty.complete.index - other.empty.complete.index,
  );
  for (const { value, enqueued, empty } of byDeadline) {
    for (let taker = takers[next]; taker !== undefined; taker = takers[++next]) {
      if (taker.index > empty.complete.index) break;
      free += taker.op === 'drain' ? Infinity : 1;
    }
    if (free > 0) {
      free--;
      account.perhapsLost++;
      continue;
    }
    const { process } = empty.complete;
    account.lost.add({
      severity: empty.complete.timeNs - enqueued.timeNs,
      words: `the element ${wordsOf(value)}${keyWords(enqueued)} that process ${enqueued.process} had enqueued by ${account.at(enqueued)} never came out, and process ${process} found the queue empty at ${account.at(empty.complete)}`,
      evidence: { value: evidenceOf(value), enqueued: enqueued.index, empty: empty.complete.index },
    });
  }
}
