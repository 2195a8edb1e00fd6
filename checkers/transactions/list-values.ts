import type { Json } from '../../core/json.ts';
import { sameValue, valueKey } from '../models/value.ts';
import { integers, naturals } from './column.ts';
import type { MicroValues } from './transaction.ts';

/**
 * What reads showed of one key: each list that was read is the beginning of one of its timelines. In a
 * sound history there is one, the longest list read, and a read is no more than its length.
 */
export interface Timeline {
  readonly key: number;
  /** Numbers of elements, in the order that they were read in. */
  readonly elements: readonly number[];
}

/**
 * All lists of a history. Reads and elements have numbers; `microValue` holds them. What a transaction
 * read behind its own appends is parted: what others had appended, and its own elements at the end.
 */
export interface Lists {
  readonly timelines: readonly Timeline[];
  /** The timelines of each key, by their numbers. */
  readonly timelinesOf: readonly (readonly number[])[];
  /** The timeline of each read, -1 for a read of nothing. */
  readonly readTimeline: Int32Array;
  /** How many elements each read showed, without the transaction's own at the end. */
  readonly readLength: Uint32Array;
  /** The number of own elements at the end: all that were appended to the key so far, or none. */
  readonly readOwn: Uint32Array;
  readonly elements: number;
  readonly valueOf: (element: number) => Json;
}

export interface ListValues extends MicroValues {
  readonly finish: () => Lists;
}

/** Timelines that are tried for a list before it starts a new one. More are a broken history anyway. */
const mostTried = 8;

interface Growing {
  readonly number: number;
  readonly key: number;
  readonly list: Json[];
}

/**
 * Numbers elements and lists. A list is compared with the longest one that it may continue or repeat and
 * then dropped, so that memory grows with what was appended and not with what was read.
 */
export function createListValues(): ListValues {
  const elements = createElements();
  const timelines: Growing[] = [];
  const perKey: Growing[][] = [];
  const [readTimeline, readLength, readOwn] = [integers(), naturals(), naturals()];
  const own = new Map<number, Json[]>();
  const timelineOf = (key: number, list: readonly Json[], length: number): number => {
    const known = (perKey[key] ??= []);
    const tried = Math.max(0, known.length - mostTried);
    for (let at = known.length - 1; at >= tried; at--) {
      const timeline = known[at];
      if (timeline !== undefined && continues(timeline.list, list, length)) return timeline.number;
    }
    const timeline = { number: timelines.length, key, list: list.slice(0, length) };
    known.push(timeline);
    return timelines.push(timeline) - 1;
  };
  return {
    allowed: ['r', 'append'],
    begin: () => own.clear(),
    written(key, value) {
      const before = own.get(key);
      if (before === undefined) own.set(key, [value]);
      else before.push(value);
      return elements.of(key, value);
    },
    read(key, value) {
      if (value !== null && !Array.isArray(value)) return null;
      const list = (value ?? []) as readonly Json[];
      const tail = own.get(key) ?? [];
      const parted = endsWith(list, tail) ? tail.length : 0;
      const length = list.length - parted;
      readTimeline.push(length === 0 ? -1 : timelineOf(key, list, length));
      readLength.push(length);
      readOwn.push(parted);
      return readLength.length() - 1;
    },
    finish: () => ({
      timelines: timelines.map(({ key, list }) => ({
        key,
        elements: list.map((value) => elements.of(key, value)),
      })),
      timelinesOf: perKey.map((own) => own.map(({ number }) => number)),
      readTimeline: readTimeline.values(),
      readLength: readLength.values(),
      readOwn: readOwn.values(),
      elements: elements.count(),
      valueOf: elements.valueOf,
    }),
  };
}

/** Whether one list is the beginning of the other; lengthens the first where the second goes on. */
function continues(timeline: Json[], list: readonly Json[], length: number): boolean {
  const common = Math.min(timeline.length, length);
  for (let at = 0; at < common; at++) {
    if (!isSame(timeline[at] ?? null, list[at] ?? null)) return false;
  }
  for (let at = common; at < length; at++) timeline.push(list[at] ?? null);
  return true;
}

function endsWith(list: readonly Json[], tail: readonly Json[]): boolean {
  const start = list.length - tail.length;
  return start >= 0 && tail.every((value, at) => isSame(value, list[start + at] ?? null));
}

const isSame = (one: Json, other: Json): boolean => one === other || sameValue(one, other);

/** An element is a value of a key. */
function createElements(): {
  of: (key: number, value: Json) => number;
  count: () => number;
  valueOf: (element: number) => Json;
} {
  const numbers: Map<string | number, number>[] = [];
  const values: Json[] = [];
  return {
    of(key, value) {
      const own = (numbers[key] ??= new Map());
      const name = valueKey(value);
      const known = own.get(name);
      if (known !== undefined) return known;
      const element = values.push(value) - 1;
      own.set(name, element);
      return element;
    },
    count: () => values.length,
    valueOf: (element) => values[element] ?? null,
  };
}
