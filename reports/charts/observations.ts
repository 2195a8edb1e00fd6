import { type FaultEvent, type Key, type OpEvent, isFaultEvent } from '../../core/event.ts';
import type { History } from '../../core/history.ts';

/** How an operation ended; `open` has no completion at all. The numbers index `outcomes`. */
export const outcomes = ['ok', 'fail', 'info', 'open'] as const;
export const ok = 0;
export const open = 3;

/**
 * What the charts need of a history, in columns of 30 bytes an operation; a history may be longer
 * than memory, its events are not kept. Operations are in order of invocation.
 */
export interface Observations {
  /** Operations in the history, those past the bound of the columns included. */
  readonly total: number;
  /** Operations in the columns. */
  readonly length: number;
  /** When it was due, or was invoked where nothing was due. */
  readonly startNs: Float64Array;
  /** When it was invoked. */
  readonly callNs: Float64Array;
  /** When it completed; NaN for never. */
  readonly endNs: Float64Array;
  readonly outcome: Uint8Array;
  /** Index into `ops`. */
  readonly op: Uint8Array;
  readonly ops: readonly string[];
  /** What `keys` calls its key. */
  readonly key: Uint32Array;
  /** A number for each key, from 1; 0 stands for no key, and for keys past the bound. */
  readonly keys: ReadonlyMap<Key, number>;
  readonly faults: readonly FaultEvent[];
  readonly lastNs: number;
}

/** More operations than this are counted but not drawn: the columns stay under 500 MB. */
const maximumOperations = 1 << 24;
const maximumFaultEvents = 10_000;
/** Kinds of operation told apart; the rest share the last name. */
const maximumOps = 200;
/** Keys told apart. */
const maximumKeys = 1 << 20;

/** Goes through the history once. */
export function observe(history: History, bound = maximumOperations): Observations {
  const columns = growingColumns(bound);
  const pending = new Map<number, number>();
  const faults: FaultEvent[] = [];
  let total = 0;
  let lastNs = 0;
  for (const event of history.events()) {
    lastNs = Math.max(lastNs, event.timeNs);
    if (isFaultEvent(event)) {
      if (faults.length < maximumFaultEvents) faults.push(event);
    } else if (event.phase === 'invoke') {
      total += 1;
      const at = columns.add(event);
      if (at >= 0) pending.set(event.process, at);
    } else {
      const at = pending.get(event.process);
      if (at === undefined) continue;
      pending.delete(event.process);
      columns.complete(at, event);
    }
  }
  return { ...columns.finish(), total, faults, lastNs };
}

function growingColumns(bound: number) {
  let length = 0;
  let startNs = new Float64Array(1024);
  let callNs = new Float64Array(1024);
  let endNs = new Float64Array(1024);
  let outcome = new Uint8Array(1024);
  let op = new Uint8Array(1024);
  let key = new Uint32Array(1024);
  const names = new Map<string, number>();
  const keys = new Map<Key, number>();
  const grow = (): void => {
    const size = length * 2;
    startNs = grown(startNs, new Float64Array(size));
    callNs = grown(callNs, new Float64Array(size));
    endNs = grown(endNs, new Float64Array(size));
    outcome = grown(outcome, new Uint8Array(size));
    op = grown(op, new Uint8Array(size));
    key = grown(key, new Uint32Array(size));
  };
  return {
    /** The place of the operation, or -1 where there is no more room. */
    add(event: OpEvent): number {
      if (length >= bound) return -1;
      if (length === startNs.length) grow();
      startNs[length] = event.dueNs ?? event.timeNs;
      callNs[length] = event.timeNs;
      endNs[length] = Number.NaN;
      outcome[length] = open;
      op[length] = numberOfName(names, event.op);
      key[length] = event.key === undefined ? 0 : numberOfKey(keys, event.key);
      return length++;
    },
    complete(at: number, event: OpEvent): void {
      endNs[at] = event.timeNs;
      outcome[at] = event.phase === 'ok' ? ok : event.phase === 'fail' ? 1 : 2;
    },
    finish: () => ({
      length,
      startNs: startNs.subarray(0, length),
      callNs: callNs.subarray(0, length),
      endNs: endNs.subarray(0, length),
      outcome: outcome.subarray(0, length),
      op: op.subarray(0, length),
      ops: [...names.keys()],
      key: key.subarray(0, length),
      keys,
    }),
  };
}

function numberOfName(names: Map<string, number>, name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  const number = Math.min(names.size, maximumOps - 1);
  if (names.size < maximumOps) names.set(names.size < maximumOps - 1 ? name : 'others', number);
  return number;
}

function numberOfKey(keys: Map<Key, number>, key: Key): number {
  const known = keys.get(key);
  if (known !== undefined) return known;
  if (keys.size >= maximumKeys) return 0;
  keys.set(key, keys.size + 1);
  return keys.size;
}

function grown<Column extends Float64Array | Uint32Array | Uint8Array>(
  from: Column,
  into: Column,
): Column {
  into.set(from);
  return into;
}

/**
 * Milliseconds from when the operation was due to when its client knew. One that never completed
 * has waited to the end of the history: a bound from below.
 */
export function latencyMs(seen: Observations, at: number): number {
  const endNs = seen.endNs[at] ?? Number.NaN;
  const startNs = seen.startNs[at] ?? 0;
  return ((Number.isNaN(endNs) ? seen.lastNs : endNs) - startNs) / 1e6;
}

export function columnAt(column: Float64Array | Uint32Array | Uint8Array, at: number): number {
  return column[at] ?? Number.NaN;
}
