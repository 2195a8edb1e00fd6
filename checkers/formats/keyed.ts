import { type HistoryEvent, type Key, type OpEvent, isFaultEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';

/** Whether values are `[key value]` pairs; `auto` looks. */
export type Keyed = 'auto' | 'yes' | 'no';

/** How many events `auto` looks at. */
const enough = 10_000;

/**
 * Takes the key out of values that are `[key value]` pairs, as `jepsen.independent` writes them. `auto`
 * does so when no event has a key of its own, every operation among the first 10,000 events was called
 * with such a pair and returned one of the same key or nothing, and some of them passed nothing but the
 * key, as in `:read [3 nil]`: an operation without keys would have no value at all there. Throws at
 * a value that is no pair once pairs are expected.
 */
export function* withKeys(events: Iterable<HistoryEvent>, keyed: Keyed): Generator<HistoryEvent> {
  if (keyed === 'no') {
    yield* events;
    return;
  }
  // Not a `for … of`, which would close the events when the look ahead is over.
  const all = events[Symbol.iterator]();
  try {
    const ahead: HistoryEvent[] = [];
    while (keyed === 'auto' && ahead.length < enough) {
      const next = all.next();
      if (next.done === true) break;
      ahead.push(next.value);
    }
    const splits = keyed === 'yes' || looksKeyed(ahead);
    for (const event of ahead) yield splits ? split(event, keyed) : event;
    for (let next = all.next(); next.done !== true; next = all.next()) {
      yield splits ? split(next.value, keyed) : next.value;
    }
  } finally {
    all.return?.();
  }
}

/** The key and the value of a pair; null for what is none. */
export function pairOfKey(value: Json): { readonly key: Key; readonly value: Json } | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [key = null, own = null] = value as readonly Json[];
  return typeof key === 'string' || typeof key === 'number' ? { key, value: own } : null;
}

function looksKeyed(events: readonly HistoryEvent[]): boolean {
  const keys = new Map<number, Key>();
  let passedKeyAlone = false;
  for (const event of events) {
    if (isFaultEvent(event)) continue;
    if (event.key !== undefined) return false;
    const pair = pairOfKey(event.value);
    if (event.phase === 'invoke') {
      if (pair === null) return false;
      keys.set(event.process, pair.key);
      if (pair.value === null) passedKeyAlone = true;
    } else if (pair === null ? event.value !== null : pair.key !== keys.get(event.process)) {
      return false;
    }
  }
  return passedKeyAlone;
}

function split(event: HistoryEvent, keyed: Keyed): HistoryEvent {
  if (isFaultEvent(event) || event.key !== undefined) return event;
  const pair = pairOfKey(event.value);
  if (pair !== null) return { ...event, ...pair } satisfies OpEvent;
  if (event.phase !== 'invoke' && event.value === null) return event;
  const advice =
    keyed === 'auto'
      ? 'as the first events have them; --keyed no takes all values as they are'
      : 'as --keyed yes says';
  throw new NotKeyed(
    `expected a [key value] pair at event ${event.index}, ${advice}; got ${JSON.stringify(event.value).slice(0, 100)}`,
  );
}

/** A value that is no pair where all others are. */
export class NotKeyed extends Error {
  override readonly name = 'NotKeyed';
}
