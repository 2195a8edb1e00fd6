import type { OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Validity, Verdict } from '../../core/verdict.ts';
import { linearizable } from '../../checkers/linearizability/index.ts';
import { modelNamed } from '../../checkers/models/index.ts';
import { operationCodes, operationShift, phaseCodes, phaseNames } from '../journal/codes.ts';
import type { Columns } from '../journal/columns.ts';

/** Whether the answers of a round were right, and why, in a sentence. */
export interface RoundVerdict {
  readonly valid: Validity;
  readonly reason: string;
}

/**
 * Judges every key by itself, which is enough (Herlihy and Wing 1990, theorem 1), and one after the
 * other, so that at any time only one key's operations are in memory as objects. All values are
 * different, so each takes O(n log n).
 */
export async function judgeColumns(columns: Columns, signal?: AbortSignal): Promise<RoundVerdict> {
  const checker = linearizable(modelNamed('register'));
  const places = placesByKey(columns);
  let operations = 0;
  const doubtful: Verdict[] = [];
  for (const [keys, own] of places.entries()) {
    if (signal?.aborted === true) {
      return { valid: 'unknown', reason: `judging was broken off after ${keys} keys` };
    }
    const verdict = await checker.check(historyOf(eventsAt(columns, own)));
    if (verdict.valid === 'invalid') return { valid: 'invalid', reason: verdict.summary };
    if (verdict.valid === 'unknown') doubtful.push(verdict);
    operations += own.length;
  }
  const [first] = doubtful;
  if (first !== undefined) return { valid: 'unknown', reason: first.summary };
  const what = `${operations.toLocaleString('en')} operations on ${places.length.toLocaleString('en')} keys`;
  return { valid: 'valid', reason: `${what} are linearizable` };
}

const [readCode, writeCode, insertCode] = [
  operationCodes.read,
  operationCodes.write,
  operationCodes.insert,
];

/** Places of reads and writes by key, in order of the calls; what consists of parts is in its parts. */
function placesByKey(columns: Columns): Uint32Array[] {
  const isOnKey = (at: number): boolean => {
    const code = ((columns.tag[at] ?? 0) >> operationShift) & 7;
    return code === readCode || code === writeCode || code === insertCode;
  };
  const counts = new Map<number, number>();
  for (let at = 0; at < columns.count; at++) {
    const key = columns.key[at] ?? 0;
    if (isOnKey(at)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const places = new Map<number, { readonly all: Uint32Array; used: number }>();
  for (const [key, count] of counts) places.set(key, { all: new Uint32Array(count), used: 0 });
  for (let at = 0; at < columns.count; at++) {
    const own = isOnKey(at) ? places.get(columns.key[at] ?? 0) : undefined;
    if (own !== undefined) own.all[own.used++] = at;
  }
  return [...places].sort(([one], [other]) => one - other).map(([, { all }]) => all);
}

/**
 * The events of these operations, in order of time. Clocks of two threads agree within well below a
 * microsecond, and from a call to its effect and from there to its end messages pass through the
 * system, so no order comes out that did not hold where it matters.
 */
export function eventsAt(columns: Columns, places: Uint32Array): OpEvent[] {
  const { callNs, endNs, phase } = columns;
  // Moments of calls and ends, each with its place: 2 × place for a call, one more for an end.
  const moments: number[] = [];
  for (const [place, at] of places.entries()) {
    moments.push(2 * place);
    if (endNs[at] !== Infinity) moments.push(2 * place + 1);
  }
  const timeOf = (moment: number): number => {
    const at = places[moment >> 1] ?? 0;
    return moment % 2 === 0 ? (callNs[at] ?? 0) : (endNs[at] ?? 0);
  };
  // At the same moment calls come first: the operations overlap.
  moments.sort((one, other) => timeOf(one) - timeOf(other) || (one % 2) - (other % 2));
  return moments.map((moment, index) => {
    const at = places[moment >> 1] ?? 0;
    return moment % 2 === 0
      ? { ...calledAt(columns, at), index, timeNs: callNs[at] ?? 0, phase: 'invoke' }
      : {
          ...endedAt(columns, at),
          index,
          timeNs: endNs[at] ?? 0,
          phase: phaseNames[phase[at] ?? 3] ?? 'info',
        };
  });
}

type Event = Omit<OpEvent, 'index' | 'timeNs' | 'phase'>;

function calledAt({ process, key, value, tag, dueNs }: Columns, at: number): Event {
  const isRead = (((tag[at] ?? 0) >> operationShift) & 7) === readCode;
  return {
    process: process[at] ?? 0,
    op: isRead ? 'read' : 'write',
    key: key[at] ?? 0,
    value: isRead ? null : (value[at] ?? 0),
    dueNs: dueNs[at] ?? 0,
  };
}

function endedAt(columns: Columns, at: number): Event {
  const { phase, result, error, words } = columns;
  const { dueNs: _, ...event } = calledAt(columns, at);
  if (phase[at] !== phaseCodes.ok) return { ...event, error: words[error[at] ?? 0] ?? '' };
  return event.op === 'read' ? { ...event, value: found(result[at] ?? -1) } : event;
}

/** Nothing stands for an absent value, and no writer's value for one that nobody wrote. */
function found(result: number): Json {
  if (result === -1) return null;
  return result === -2 ? 'not what any client wrote' : result;
}
