import type { Operations } from '../operations.ts';

/** One way in which an element of a set may have come and gone up to now. */
export interface Way {
  readonly isThere: boolean;
  /** When it was last as it is not now; what was called since and wants it so is still waiting. */
  readonly lastOther: number;
  /** A bit for each open addition or removal, by its slot, that made the element come or go. */
  readonly used: number;
  /** How many crashed additions and removals did. */
  readonly usedAdditions: number;
  readonly usedRemovals: number;
}

/** The operations on an element that were called, as far as they can still do something. */
export interface OpenChanges {
  called(operation: number): void;
  /** Forgets an operation, and gives the bits of those that are left. */
  returned(operation: number): number;
  /** By operation, the bit of an addition or removal that will return, from its call on; 0 of others. */
  readonly bits: Int32Array;
  /** Whether an operation is open that the element has not been right for since its call. */
  someoneWaits(way: Way): boolean;
  /** The way after a change by an operation, or by the one that returns first; null when there is none. */
  changed(way: Way, now: number, by?: number): Way | null;
}

/** As many additions and removals may be open at once, without those that crashed. */
export const mostOpenChanges = 31;

/** What the operations on an element are, as bits by operation. */
export interface ElementUses {
  /** Whether it adds the element or finds it there; else it removes it or finds it gone. */
  readonly wants: Uint8Array;
  /** Whether it adds or removes the element. */
  readonly isChange: Uint8Array;
}

export function createOpenChanges(operations: Operations, uses: ElementUses): OpenChanges {
  const { calls, returns } = operations;
  const { wants, isChange } = uses;
  const bits = new Int32Array(operations.length);
  /** The bits of all open additions and removals. */
  let taken = 0;
  /** Operations that will return, in no order. */
  const open: number[] = [];
  let crashedAdditions = 0;
  let crashedRemovals = 0;

  /** The open one that would change the element and returns first; -1 when there is none. */
  const firstToChange = ({ isThere, used }: Way): number => {
    const wanted = isThere ? 0 : 1;
    let first = -1;
    for (const at of open) {
      if (wants[at] !== wanted || ((bits[at] as number) & ~used) === 0) continue;
      if (first === -1 || (returns[at] as number) < (returns[first] as number)) first = at;
    }
    return first;
  };
  return {
    bits,
    called(at) {
      if (returns[at] !== Infinity) {
        open.push(at);
        if (isChange[at] === 0) return;
        // The lowest bit that is not set.
        const bit = ~taken & (taken + 1);
        bits[at] = bit;
        taken |= bit;
      } else if (isChange[at] === 1) {
        if (wants[at] === 1) crashedAdditions++;
        else crashedRemovals++;
      }
    },
    returned(at) {
      const last = open.pop() as number;
      if (last !== at) open[open.indexOf(at)] = last;
      taken &= ~(bits[at] as number);
      return taken;
    },
    someoneWaits({ isThere, used, lastOther }) {
      const wanted = isThere ? 0 : 1;
      for (const at of open) {
        if (wants[at] !== wanted || (calls[at] as number) <= lastOther) continue;
        if ((used & (bits[at] as number)) === 0) return true;
      }
      return false;
    },
    changed(way, now, by = firstToChange(way)) {
      let { used, usedAdditions, usedRemovals } = way;
      if (by !== -1) used |= bits[by] as number;
      else if (way.isThere) usedRemovals++;
      else usedAdditions++;
      if (usedAdditions > crashedAdditions || usedRemovals > crashedRemovals) return null;
      return { isThere: !way.isThere, lastOther: now, used, usedAdditions, usedRemovals };
    },
  };
}
