import {
  clearBit,
  doneField,
  grown,
  hasBit,
  setBit,
  stateField,
  strideOf,
  usedField,
} from './configuration.ts';
import type { Crashed } from './crashed.ts';
import type { Ground } from './ground.ts';
import { operationKind } from './operation-classes.ts';
import { createPlacement } from './placement.ts';
import type { Window } from './window.ts';

/** Where the configurations that follow from another one go. The row is only lent. */
export interface Sink {
  /** The return of the level is passed. */
  pass(row: Int32Array): void;
  /** One more operation was given its place, but the return is not passed yet. */
  push(row: Int32Array): void;
}

/** The transition function of the search. */
export interface Expansion {
  /**
   * Passes the return of a slot where that needs no other operation to be placed first, after marking
   * what can be done at no cost: the open reads that fit. True when that is all there is to follow from
   * the configuration; else it is to be expanded.
   */
  passNow(rows: Int32Array, at: number, slot: number, sink: Sink): boolean;
  /** Gives everything that one more operation leads to on the way to the return of a slot. */
  expand(rows: Int32Array, at: number, slot: number, sink: Sink): void;
}

/**
 * Operations are placed when a return makes it necessary: the one that returns, and before it whatever
 * that one needs. Five reductions keep this small; each loses no linearization.
 *
 * - *Reads at once.* A read that fits the state is done. Moving it here from wherever it stood disturbs
 *   nobody.
 * - *Blind operations are droppable.* When one is placed, all others that are open could have happened
 *   just before it, hidden by it. They are marked so, and their returns ask for nothing.
 * - *Blind operations on demand.* One is placed only when it returns, or when it lets an open read or
 *   update happen. Otherwise the next operation placed would be blind too, and hide it.
 * - *Equals take turns.* Of open operations of one group the one called last goes first. Should an
 *   earlier one return before it does, the two change places: both were open when it was placed. So
 *   nothing is lost, and the order of the returns need not be known.
 * - *Crashed ones last.* One is placed only while no open operation of its group is left: in a
 *   linearization that has it the other way round they can change places.
 */
export function createExpansion(ground: Ground, window: Window, crashed: Crashed): Expansion {
  const { slots, classAt, kindAt } = window;
  const placement = createPlacement(ground, window, crashed);
  const takeTurn = createTurnTaking(ground);
  const scratch = new Int32Array(strideOf(window.words));

  const placeOpen = (rows: Int32Array, at: number, returning: number): void => {
    for (let index = window.open - 1; index >= 0; index--) {
      const slot = slots[index] as number;
      if (slot === returning || kindAt[slot] === operationKind.read) continue;
      if (hasBit(rows, at + doneField, slot)) continue;
      if (takeTurn.next(classAt[slot] as number)) placement.place(rows, at, slot, -1);
    }
  };
  const placeCrashed = (rows: Int32Array, at: number, crashedClass: number): void => {
    if (!crashed.isLeft(crashedClass, rows[at + usedField] as number)) return;
    if (!takeTurn.next(crashed.classAt(crashedClass))) return;
    placement.place(rows, at, -1, crashedClass);
  };
  return {
    passNow(rows, at, slot, sink) {
      window.fits.settle(rows, at);
      const isDone = hasBit(rows, at + doneField, slot);
      const stand = isDone ? -1 : standInOf(window, rows, at, slot);
      const isAll = isDone || stand >= 0;
      if (!isAll && !hasBit(rows, at + doneField + window.words, slot)) return false;
      for (let field = 0; field < scratch.length; field++) {
        scratch[field] = rows[at + field] as number;
      }
      giveWay(window, scratch, slot, stand);
      sink.pass(scratch);
      return isAll;
    },
    expand(rows, at, slot, sink) {
      placement.aim(slot, sink);
      takeTurn.begin();
      if (kindAt[slot] !== operationKind.read) {
        takeTurn.next(classAt[slot] as number);
        placement.place(rows, at, slot, -1);
      }
      placeOpen(rows, at, slot);
      for (const each of crashed.blinds) placeCrashed(rows, at, each);
      for (const each of crashed.updatesAt(rows[at + stateField] as number)) {
        placeCrashed(rows, at, each);
      }
    },
  };
}

/** Lets each group of operations have one turn in an expansion. */
function createTurnTaking({ classes }: Ground) {
  let turns = new Int32Array(64);
  let turn = 0;
  return {
    begin(): void {
      turn++;
    },
    /** Whether the group of a class has not had its turn yet; now it has. */
    next(operationClass: number): boolean {
      const group = classes.groupOf(operationClass);
      if (group >= turns.length) turns = grown(turns, group + 1);
      if (turns[group] === turn) return false;
      turns[group] = turn;
      return true;
    },
  };
}

/** An open operation of the same class that is done and was called later, or -1. */
function standInOf(window: Window, rows: Int32Array, at: number, slot: number): number {
  const { slots, classAt, kindAt, orderAt, open } = window;
  if (kindAt[slot] === operationKind.read) return -1;
  for (let index = 0; index < open; index++) {
    const other = slots[index] as number;
    if (classAt[other] !== classAt[slot]) continue;
    if ((orderAt[other] as number) <= (orderAt[slot] as number)) continue;
    if (hasBit(rows, at + doneField, other)) return other;
  }
  return -1;
}

/**
 * A slot leaves. A stand-in has given its place to it and is as if not placed; if it is blind, it was
 * hidden by that place.
 */
function giveWay({ words, kindAt }: Window, row: Int32Array, slot: number, stand: number): void {
  if (stand >= 0) {
    clearBit(row, doneField, stand);
    if (kindAt[slot] === operationKind.blind) setBit(row, doneField + words, stand);
  }
  clearBit(row, doneField, slot);
  clearBit(row, doneField + words, slot);
}
