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

/** All lists of a history. Reads and elements have numbers; `microValue` holds them. */
export interface Lists {
  readonly timelines: readonly Timeline[];
  /** The timelines of each key, by their numbers. */
  readonly timelinesOf: readonly (readonly number[])[];
  /** The timeline of each read, -1 for a read of nothing. */
  readonly readTimeline: Int32Array;
  /** How many elements each read showed. */
  readonly readLength: Uint32Array;
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
  const [readTimeline, readLength] = [integers(), naturals()];
  const timelineOf = (key: number, list: readonly Json[]): number => {
    const own = (perKey[key] ??= []);
    const tried = Math.max(0, own.length - mostTried);
    for (let at = own.length - 1; at >= tried; at--) {
      const timeline = own[at];
      if (timeline !== undefined && continues(timeline.list, list)) return timeline.number;
    }
    const timeline = { number: timelines.length, key, list: [...list] };
    own.push(timeline);
    return timelines.push(timeline) - 1;
  };
  return {
    allowed: ['r', 'append'],
    written: elements.of,
    read(key, value) {
      if (value !== null && !Array.isArray(value)) return null;
      const list = (value ?? []) as readonly Json[];
      readTimeline.push(list.length === 0 ? -1 : timelineOf(key, list));
      readLength.push(list.length);
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
      elements: elements.count(),
      valueOf: elements.valueOf,
    }),
  };
}

/** Whether one list is the beginning of the other; lengthens the first where the second goes on. */
function continues(timeline: Json[], list: readonly Json[]): boolean {
  const common = Math.min(timeline.length, list.length);
  for (let at = 0; at < common; at++) {
    const [known, read] = [timeline[at] ?? null, list[at] ?? null];
    if (known !== read && !sameValue(known, read)) return false;
  }
  for (let at = common; at < list.length; at++) timeline.push(list[at] ?? null);
  return true;
}

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
