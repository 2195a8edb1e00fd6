import type { Command } from '../consensus.ts';
import type { Ballot } from './ballot.ts';

/** What an acceptor accepted for a slot: the value, and the highest ballot it accepted it in. */
export interface Entry {
  readonly ballot: Ballot;
  readonly command: Command;
}

/**
 * Entries by slot, the first of them for slot `base + 1`; slots start at 1. Slots are independent in
 * Paxos, so there may be gaps, but the last entry is always there. Access is a subtraction and an
 * array index, before and after compaction.
 */
export interface SlotLog {
  base: number;
  readonly entries: (Entry | undefined)[];
}

export function slotLog(base: number): SlotLog {
  return { base, entries: [] };
}

export function entryAt(log: SlotLog, slot: number): Entry | undefined {
  return log.entries[slot - log.base - 1];
}

/** The highest slot with an entry, or the base when there is none. */
export function lastSlot(log: SlotLog): number {
  return log.base + log.entries.length;
}

/** Puts an entry into a slot above the base. */
export function placeEntry(log: SlotLog, slot: number, entry: Entry): void {
  if (slot <= log.base) {
    throw new Error(`expected a slot above ${log.base}, got ${slot}, which is compacted away`);
  }
  // Gaps hold `undefined` rather than being holes, which keeps the array dense and fast.
  while (lastSlot(log) < slot - 1) log.entries.push(undefined);
  log.entries[slot - log.base - 1] = entry;
}

/** Drops every entry up to and including this slot. */
export function forgetThrough(log: SlotLog, slot: number): void {
  if (slot <= log.base) return;
  log.entries.splice(0, slot - log.base);
  log.base = slot;
}
