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
  /** Whether the operation wants the element there. */
  wants(operation: number): boolean;
  /** Whether the operation would change the element, and has been used for that. */
  isUsed(way: Way, operation: number): boolean;
  isUnused(way: Way, operation: number): boolean;
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
  const slots = createSlots(operations.length);
  /** Operations that will return, in no order. */
  const open: number[] = [];
  let crashedAdditions = 0;
  let crashedRemovals = 0;

  const isChange = (at: number): boolean => uses.isChange[at] === 1;
  const returnOf = (at: number): number => operations.returns[at] ?? Infinity;
  const wants = (at: number): boolean => uses.wants[at] === 1;
  const isUsed = (way: Way, at: number): boolean => (way.used & slots.bitOf(at)) !== 0;
  const isUnused = (way: Way, at: number): boolean => isChange(at) && !isUsed(way, at);

  /** The open one that would change the element and returns first; -1 when there is none. */
  const firstToChange = (way: Way): number => {
    let first = -1;
    for (const at of open) {
      if (wants(at) === way.isThere || !isUnused(way, at)) continue;
      if (first === -1 || returnOf(at) < returnOf(first)) first = at;
    }
    return first;
  };
  return {
    wants,
    isUsed,
    isUnused,
    called(at) {
      if (returnOf(at) === Infinity) {
        if (isChange(at) && wants(at)) crashedAdditions++;
        if (isChange(at) && !wants(at)) crashedRemovals++;
        return;
      }
      open.push(at);
      if (isChange(at)) slots.take(at);
    },
    returned(at) {
      open[open.indexOf(at)] = open.at(-1) ?? at;
      open.pop();
      return isChange(at) ? slots.free(at) : slots.taken();
    },
    someoneWaits(way) {
      for (const at of open) {
        if ((operations.calls[at] ?? 0) <= way.lastOther || wants(at) === way.isThere) continue;
        if (!isUsed(way, at)) return true;
      }
      return false;
    },
    changed(way, now, by = firstToChange(way)) {
      if (by !== -1) return after(way, now, { used: way.used | slots.bitOf(by) });
      if (!way.isThere) {
        const usedAdditions = way.usedAdditions + 1;
        return usedAdditions <= crashedAdditions ? after(way, now, { usedAdditions }) : null;
      }
      const usedRemovals = way.usedRemovals + 1;
      return usedRemovals <= crashedRemovals ? after(way, now, { usedRemovals }) : null;
    },
  };
}

interface Slots {
  take(operation: number): void;
  /** Gives the bits of the slots that stay taken. */
  free(operation: number): number;
  taken(): number;
  /** No bit for an operation that took no slot. */
  bitOf(operation: number): number;
}

function createSlots(operations: number): Slots {
  const bits = new Int32Array(operations);
  let taken = 0;
  return {
    taken: () => taken,
    bitOf: (at) => bits[at] ?? 0,
    take(at) {
      // The lowest bit that is not set.
      const bit = ~taken & (taken + 1);
      bits[at] = bit;
      taken |= bit;
    },
    free: (at) => (taken &= ~(bits[at] ?? 0)),
  };
}

/** The way after a change now, with what was used for it. */
function after(way: Way, now: number, used: Partial<Way>): Way {
  const { isThere, used: bits, usedAdditions, usedRemovals } = way;
  return { isThere: !isThere, lastOther: now, used: bits, usedAdditions, usedRemovals, ...used };
}
