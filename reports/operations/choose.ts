import type { FaultBand } from '../charts/fault-bands.ts';
import { type Observations, columnAt, latencyMs, ok, open } from '../charts/observations.ts';
import { count, duration } from '../figures.ts';
import type { Suspicion } from './suspects.ts';

/** Which operations a page holds, and how they were chosen. */
export interface Chosen {
  /** Places in the columns, in order of invocation. */
  readonly places: Uint32Array;
  /** What was kept, a clause each; empty where all of them were. */
  readonly rules: readonly string[];
}

export interface Wanted {
  readonly suspicions: readonly Suspicion[];
  readonly bands: readonly FaultBand[];
  readonly limit: number;
}

/**
 * Chooses the operations that a page holds when it cannot hold all: what a violation is about first,
 * then what surrounds it, what did not succeed, what surrounds the turns of faults, the slowest of
 * every short stretch, and of the rest every so many. Each takes its share of the room and no more, and
 * what is left goes to the next. Nothing is random.
 */
export function choose(seen: Observations, { suspicions, bands, limit }: Wanted): Chosen {
  if (seen.length <= limit && seen.length === seen.total) {
    return { places: Uint32Array.from({ length: seen.length }, (_, at) => at), rules: [] };
  }
  const taken = new Uint8Array(seen.length);
  const room = { left: limit };
  const rules = [
    ...accused(seen, taken, room, suspicions),
    ...around(
      { seen, taken, room, budget: 0.3 * limit },
      suspicions.map((each) => [each.focusFromNs, each.focusToNs]),
      'each violation',
    ),
    ...unsuccessful(seen, taken, room, 0.25 * limit),
    ...around(
      { seen, taken, room, budget: 0.25 * limit },
      bands.flatMap(turnsOf),
      'the beginning and end of each fault',
    ),
    ...slowest(seen, taken, room),
    ...rest(seen, taken, room),
  ];
  const places = new Uint32Array(limit - room.left);
  let next = 0;
  for (let at = 0; at < seen.length; at++) if (taken[at] === 1) places[next++] = at;
  return { places, rules };
}

interface Room {
  left: number;
}

function take(taken: Uint8Array, room: Room, at: number): boolean {
  if (taken[at] === 1) return true;
  if (room.left === 0) return false;
  taken[at] = 1;
  room.left--;
  return true;
}

/** All of a key whose operations contradict each other, as long as the contradiction lasts. */
function accused(
  seen: Observations,
  taken: Uint8Array,
  room: Room,
  suspicions: readonly Suspicion[],
): string[] {
  if (suspicions.length === 0) return [];
  const numbers = new Map([...seen.keys].map(([key, number]) => [String(key), number]));
  let complete = true;
  for (const { key, fromNs, toNs } of suspicions) {
    const number = key === null ? undefined : numbers.get(key);
    if (number === undefined) continue;
    for (let at = 0; at < seen.length; at++) {
      if (columnAt(seen.key, at) !== number || !touches(seen, at, fromNs, toNs)) continue;
      complete = take(taken, room, at) && complete;
    }
  }
  return complete ? ['all of the keys that evidence is about, while it lasts'] : [];
}

function touches(seen: Observations, at: number, fromNs: number, toNs: number): boolean {
  const end = columnAt(seen.endNs, at);
  return columnAt(seen.callNs, at) <= toNs && !(end < fromNs);
}

interface Share {
  readonly seen: Observations;
  readonly taken: Uint8Array;
  readonly room: Room;
  readonly budget: number;
}

type Span = readonly [fromNs: number, toNs: number];

/** Room before and after, widest first, in milliseconds. */
const margins = [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0];

/** Everything near some spans of time, as far around as the budget reaches. */
function around(
  { seen, taken, room, budget }: Share,
  spans: readonly Span[],
  what: string,
): string[] {
  if (spans.length === 0) return [];
  const most = Math.min(budget, room.left);
  for (const marginMs of margins) {
    const near = nearness(spans, marginMs * 1e6);
    const places: number[] = [];
    for (let at = 0; at < seen.length && places.length <= most; at++) {
      if (taken[at] === 0 && near(columnAt(seen.callNs, at), columnAt(seen.endNs, at)))
        places.push(at);
    }
    if (places.length > most) continue;
    for (const at of places) take(taken, room, at);
    return [marginMs === 0 ? `all during ${what}` : `all within ${duration(marginMs)} of ${what}`];
  }
  return [];
}

/** Whether an operation touches one of the spans, widened; the spans are merged once. */
function nearness(spans: readonly Span[], marginNs: number) {
  const merged: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from - marginNs <= last[1])
      last[1] = Math.max(last[1], to + marginNs);
    else merged.push([from - marginNs, to + marginNs]);
  }
  return (callNs: number, endNs: number): boolean => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((merged[middle]?.[1] ?? Infinity) < callNs) low = middle + 1;
      else high = middle;
    }
    const span = merged[low];
    // What never ended is near where it began, or it would be near everything that came after.
    return span !== undefined && span[0] <= (Number.isNaN(endNs) ? callNs : endNs);
  };
}

function turnsOf({ beginS, activeS, healS, endS }: FaultBand): Span[] {
  return [
    [beginS * 1e9, (activeS ?? endS) * 1e9],
    [healS * 1e9, endS * 1e9],
  ];
}

/** What did not succeed, or an even choice of it. */
function unsuccessful(seen: Observations, taken: Uint8Array, room: Room, budget: number): string[] {
  const isWanted = (at: number): boolean => taken[at] === 0 && columnAt(seen.outcome, at) !== ok;
  const { found, every } = evenly(seen, { taken, room, budget, isWanted });
  if (found === 0) return [];
  return [
    every === 1 ? 'all that did not succeed' : `every ${ordinal(every)} that did not succeed`,
  ];
}

const slowCells = 400;

/** The slowest of each short stretch, which a thinned crowd would lose. */
function slowest(seen: Observations, taken: Uint8Array, room: Room): string[] {
  const endNs = columnAt(seen.callNs, seen.length - 1) + 1;
  const best = new Int32Array(slowCells).fill(-1);
  for (let at = 0; at < seen.length; at++) {
    if (columnAt(seen.outcome, at) === open) continue;
    const cell = Math.min(
      slowCells - 1,
      Math.floor((columnAt(seen.callNs, at) / endNs) * slowCells),
    );
    const known = best[cell] ?? -1;
    if (known < 0 || latencyMs(seen, at) > latencyMs(seen, known)) best[cell] = at;
  }
  for (const at of best) if (at >= 0) take(taken, room, at);
  return [`the slowest of each ${duration(endNs / slowCells / 1e6)}`];
}

function rest(seen: Observations, taken: Uint8Array, room: Room): string[] {
  const isWanted = (at: number): boolean => taken[at] === 0;
  const { found, every } = evenly(seen, { taken, room, budget: room.left, isWanted });
  if (found === 0) return [];
  return [every === 1 ? 'all others' : `every ${ordinal(every)} of the others`];
}

interface Evenly {
  readonly taken: Uint8Array;
  readonly room: Room;
  readonly budget: number;
  readonly isWanted: (at: number) => boolean;
}

/** Takes every so many of what is wanted, so that it fits. */
function evenly(seen: Observations, { taken, room, budget, isWanted }: Evenly) {
  const wanted: number[] = [];
  for (let at = 0; at < seen.length; at++) if (isWanted(at)) wanted.push(at);
  const most = Math.floor(Math.min(budget, room.left));
  const every = most === 0 ? Infinity : Math.max(1, Math.ceil(wanted.length / most));
  for (let at = 0; at < wanted.length; at += every) take(taken, room, wanted[at] ?? 0);
  return { found: every === Infinity ? 0 : wanted.length, every };
}

/** `2nd`, `3rd`, `11th`. */
function ordinal(number: number): string {
  const tens = number % 100;
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${count(number)}${suffix}`;
}
