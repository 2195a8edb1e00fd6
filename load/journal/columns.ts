import type { OpName } from '../../core/event.ts';
import { operationNames, partFlag, phaseCodes, preloadFlag } from './codes.ts';

/**
 * The operations of a round, one a place in every column, in the order of their calls within each
 * thread. Times are nanoseconds of the round's clock.
 */
export interface Columns {
  readonly count: number;
  /** Code and flags of what it is. */
  readonly tag: Uint8Array;
  /** The code of how it ended: `ok`, `fail` or `info`. */
  readonly phase: Uint8Array;
  /** Who did it; a process that got `info` never comes back. */
  readonly process: Uint32Array;
  readonly key: Uint32Array;
  /** The number of the value that it wrote, -1 for none. */
  readonly value: Float64Array;
  /** The number of the value that it read: -1 for none there, -2 for one that nobody wrote. */
  readonly result: Float64Array;
  readonly dueNs: Float64Array;
  readonly callNs: Float64Array;
  /** When it ended, as `info` too; Infinity where the journal ends before. */
  readonly endNs: Float64Array;
  /** Place of its error in `words`, 0 for none. */
  readonly error: Uint16Array;
  readonly words: readonly string[];
}

export interface GrowingColumns extends Columns {
  count: number;
  readonly words: string[];
}

/** How much room a place takes in memory. */
export const bytesOfPlace = 53;

export function emptyColumns(room: number): GrowingColumns {
  return {
    count: 0,
    tag: new Uint8Array(room),
    phase: new Uint8Array(room),
    process: new Uint32Array(room),
    key: new Uint32Array(room),
    value: new Float64Array(room),
    result: new Float64Array(room),
    dueNs: new Float64Array(room),
    callNs: new Float64Array(room),
    endNs: new Float64Array(room),
    error: new Uint16Array(room),
    words: [''],
  };
}

export function nameAt({ tag }: Columns, at: number): OpName {
  return operationNames[((tag[at] ?? 0) >> 2) & 7] ?? 'unknown';
}

/** Whether the operation counts by itself: it is no part of another one, and no preparation. */
export function isCounted({ tag }: Columns, at: number): boolean {
  return ((tag[at] ?? 0) & (partFlag | preloadFlag)) === 0;
}

export function isOk({ phase }: Columns, at: number): boolean {
  return phase[at] === phaseCodes.ok;
}
