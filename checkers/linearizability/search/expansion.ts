import {
  clearBit,
  doneField,
  hasBit,
  setBit,
  stateField,
  strideOf,
  usedField,
} from './configuration.ts';
import type { Crashed } from './crashed.ts';
import type { Ground } from './ground.ts';
import { operationKind } from './operation-classes.ts';
import { impossible } from './transitions.ts';
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
  /** Marks what can be done in a configuration at no cost: the open reads that fit its state. */
  settle(rows: Int32Array, at: number): void;
  /**
   * Passes the return of a slot where that needs no other operation to be placed first. True when that
   * is all there is to follow from the configuration; else it is to be expanded.
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
export function createExpansion(
  { classes, transitions, usedSets }: Ground,
  window: Window,
  crashed: Crashed,
): Expansion {
  const { words, slots, classAt, kindAt, orderAt } = window;
  const stride = strideOf(words);
  const droppableField = doneField + words;
  const child = new Int32Array(stride);
  /** By group: the expansion in which it had its turn. */
  let turns = new Int32Array(64);
  let turn = 0;
  /** What `expand` is at. */
  let returning = -1;
  let receiver: Sink | null = null;

  return {
    settle(rows, at) {
      const base = window.fit(rows[at + stateField] as number);
      const fitting = window.fittingReads;
      for (let word = 0; word < words; word++) {
        const field = at + doneField + word;
        rows[field] = (rows[field] as number) | (fitting[base + word] as number);
      }
    },
    passNow(rows, at, slot, sink) {
      if (hasBit(rows, at + doneField, slot)) {
        pass(rows, at, slot, -1, sink);
        return true;
      }
      const stand = standInOf(rows, at, slot);
      if (stand >= 0) {
        pass(rows, at, slot, stand, sink);
        return true;
      }
      if (hasBit(rows, at + droppableField, slot)) pass(rows, at, slot, -1, sink);
      return false;
    },
    expand(rows, at, slot, sink) {
      turn++;
      returning = slot;
      receiver = sink;
      const state = rows[at + stateField] as number;
      if (kindAt[slot] !== operationKind.read) {
        takeTurn(classAt[slot] as number);
        place(rows, at, slot, -1);
      }
      for (let index = window.open - 1; index >= 0; index--) {
        const other = slots[index] as number;
        if (other === slot || kindAt[other] === operationKind.read) continue;
        if (hasBit(rows, at + doneField, other)) continue;
        if (!takeTurn(classAt[other] as number)) continue;
        place(rows, at, other, -1);
      }
      const used = rows[at + usedField] as number;
      const placeCrashed = (crashedClass: number): void => {
        if (!crashed.isLeft(crashedClass, used)) return;
        if (!takeTurn(crashed.classAt(crashedClass))) return;
        place(rows, at, -1, crashedClass);
      };
      for (let each = 0; each < crashed.count; each++)
        if (crashed.isBlind(each)) placeCrashed(each);
      for (const each of crashed.updatesAt(state)) placeCrashed(each);
    },
  };

  /** Whether the group of a class has not had its turn yet; now it has. */
  function takeTurn(operationClass: number): boolean {
    const group = classes.groupOf(operationClass);
    if (group >= turns.length) {
      const longer = new Int32Array(Math.max(2 * turns.length, group + 1));
      longer.set(turns);
      turns = longer;
    }
    if (turns[group] === turn) return false;
    turns[group] = turn;
    return true;
  }

  /** An open operation of the same class that is done and was called later, or -1. */
  function standInOf(rows: Int32Array, at: number, slot: number): number {
    if (kindAt[slot] === operationKind.read) return -1;
    const order = orderAt[slot] as number;
    const operationClass = classAt[slot];
    for (let index = 0; index < window.open; index++) {
      const other = slots[index] as number;
      if (classAt[other] !== operationClass || (orderAt[other] as number) <= order) continue;
      if (hasBit(rows, at + doneField, other)) return other;
    }
    return -1;
  }

  /** The return of a slot is passed; a stand-in gives its place away and is as if not placed. */
  function pass(rows: Int32Array, at: number, slot: number, stand: number, sink: Sink): void {
    for (let field = 0; field < stride; field++) child[field] = rows[at + field] as number;
    if (stand >= 0) {
      clearBit(child, doneField, stand);
      // It was hidden by the place that it gave away, if it is of the kind that can be.
      if (kindAt[slot] === operationKind.blind) setBit(child, droppableField, stand);
    }
    clearBit(child, doneField, slot);
    clearBit(child, droppableField, slot);
    sink.pass(child);
  }

  /** Places an open operation, or a crashed one where the slot is -1. */
  function place(rows: Int32Array, at: number, slot: number, crashedClass: number): void {
    const operationClass = slot >= 0 ? (classAt[slot] as number) : crashed.classAt(crashedClass);
    const state = rows[at + stateField] as number;
    const next = transitions.next(state, operationClass);
    if (next === impossible) return;
    const isBlind = classes.kindOf(operationClass) === operationKind.blind;
    for (const each of next > impossible ? [next] : transitions.several(next)) {
      // A crashed operation without effect need not happen.
      if (slot < 0 && each === state) continue;
      for (let field = 0; field < stride; field++) child[field] = rows[at + field] as number;
      child[stateField] = each;
      if (slot < 0) {
        child[usedField] = usedSets.plus(child[usedField] as number, crashedClass);
      } else {
        setBit(child, doneField, slot);
        clearBit(child, droppableField, slot);
      }
      if (isBlind) hideBlinds();
      if (settleChild() || !isBlind || slot === returning || canUpdate()) hand();
    }
  }

  /** Every open blind operation that is not done could have happened just before. */
  function hideBlinds(): void {
    const { blinds } = window;
    for (let word = 0; word < words; word++) {
      const hidden = (blinds[word] as number) & ~(child[doneField + word] as number);
      child[droppableField + word] = (child[droppableField + word] as number) | hidden;
    }
  }

  /** Marks the reads that fit; says whether there were any new ones. */
  function settleChild(): boolean {
    const base = window.fit(child[stateField] as number);
    const { fittingReads } = window;
    let found = 0;
    for (let word = 0; word < words; word++) {
      const done = child[doneField + word] as number;
      const fitting = (fittingReads[base + word] as number) & ~done;
      found |= fitting;
      child[doneField + word] = done | fitting;
    }
    return found !== 0;
  }

  /** Whether some update could happen next. */
  function canUpdate(): boolean {
    const state = child[stateField] as number;
    const base = window.fit(state);
    const { fittingUpdates } = window;
    for (let word = 0; word < words; word++) {
      const fitting = fittingUpdates[base + word] as number;
      if ((fitting & ~(child[doneField + word] as number)) !== 0) return true;
    }
    return crashed.canUpdate(state, child[usedField] as number);
  }

  function hand(): void {
    if (!hasBit(child, doneField, returning)) {
      receiver?.push(child);
      return;
    }
    clearBit(child, doneField, returning);
    clearBit(child, droppableField, returning);
    receiver?.pass(child);
  }
}
