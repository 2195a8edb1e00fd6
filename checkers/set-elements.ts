import type { OpEvent } from '../core/event.ts';
import type { Operation } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import { outcomeOf, successOf } from './findings.ts';
import { valueKey } from './models/value.ts';

/** What is known of one element of one set. */
export interface Element {
  readonly value: Json;
  /** The first invocation of an add that did not fail. */
  readonly added: OpEvent;
  /** The first moment at which it was certain to be there: an add that returned, a read that saw it. */
  known: OpEvent | null;
  acknowledged: boolean;
  /** The end of the last read that saw it. */
  seen: OpEvent | null;
  /** The last read gone through that showed it, by place. */
  shownIn: number;
  /** The first read, by place, that has yet to show it; -1 until the reads are gone through. */
  next: number;
  /** How many reads that began after it was known missed it, and the last of them by place. */
  missed: number;
  lastMissed: number;
}

/** A read that succeeded. */
export interface Read {
  readonly invoke: OpEvent;
  readonly complete: OpEvent;
  readonly values: readonly Json[];
}

/** The elements of one set by their names, with what the adds tell of them. */
export function elementsAdded(
  operations: readonly Operation[],
): ReadonlyMap<string | number, Element> {
  const elements = new Map<string | number, Element>();
  for (const operation of operations) {
    if (operation.invoke.op === 'add' && outcomeOf(operation) !== 'fail') {
      learnFromAdd(elements, operation);
    }
  }
  return elements;
}

function learnFromAdd(elements: Map<string | number, Element>, operation: Operation): void {
  const { value } = operation.invoke;
  const element = elements.get(valueKey(value)) ?? {
    value,
    added: operation.invoke,
    known: null,
    acknowledged: false,
    seen: null,
    shownIn: -1,
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

/** Notes that a read was the first or the last to show an element. */
export function sight(element: Element, { complete }: Read): void {
  element.known = earlier(element.known, complete);
  element.seen = later(element.seen, complete);
}

const earlier = (one: OpEvent | null, other: OpEvent): OpEvent =>
  one !== null && one.index <= other.index ? one : other;
const later = (one: OpEvent | null, other: OpEvent): OpEvent =>
  one !== null && one.index >= other.index ? one : other;

/** Notes that a read showed an element: those skipped since the last one that did have missed it. */
export function see(element: Element, reads: readonly Read[], place: number): void {
  if (element.known === null) return;
  if (element.next < 0) element.next = firstAfter(reads, element.known);
  if (place < element.next) return;
  if (place > element.next) {
    element.missed += place - element.next;
    element.lastMissed = place - 1;
  }
  element.next = place + 1;
}

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
