import { grown } from './configuration.ts';
import { type OperationClasses, operationKind } from './operation-classes.ts';
import { type Transitions, impossible } from './transitions.ts';

/**
 * The operations that are open at some point of the history. Each has a slot, which is used again after
 * its return, so there are as many slots as clients. The window moves forwards and backwards.
 */
export interface Window {
  /** Words that hold a bit for each slot. */
  readonly words: number;
  /** The slots in use, in order of the calls; only the first `open` count. */
  readonly slots: Int32Array;
  readonly open: number;
  /** By slot. */
  readonly classAt: Int32Array;
  readonly kindAt: Int32Array;
  readonly orderAt: Int32Array;
  /** Bits of the open operations of each kind. */
  readonly reads: Int32Array;
  readonly blinds: Int32Array;
  readonly updates: Int32Array;
  /** Where the words of a state begin in the two arrays below, after making sure that they are right. */
  fit(state: number): number;
  /** Bits of the open reads, and of the open updates, that are possible in a state. */
  readonly fittingReads: Int32Array;
  readonly fittingUpdates: Int32Array;
  /** An operation is open from now on; `order` is its place among all calls. */
  enter(slot: number, operationClass: number, order: number): void;
  leave(slot: number): void;
}

export function createWindow(
  classes: OperationClasses,
  transitions: Transitions,
  words: number,
): Window {
  const slots = new Int32Array(32 * words);
  const classAt = new Int32Array(32 * words);
  const kindAt = new Int32Array(32 * words);
  const orderAt = new Int32Array(32 * words);
  const bits = [new Int32Array(words), new Int32Array(words), new Int32Array(words)] as const;
  /** The version of the window for which the words of each state were worked out. */
  let workedOut = new Int32Array(16);
  let version = 1;

  const toggle = (slot: number): void => {
    const mask = bits[kindAt[slot] as 0 | 1 | 2];
    mask[slot >> 5] = (mask[slot >> 5] as number) ^ (1 << (slot & 31));
    version++;
  };

  const self = {
    words,
    slots,
    open: 0,
    classAt,
    kindAt,
    orderAt,
    reads: bits[operationKind.read],
    blinds: bits[operationKind.blind],
    updates: bits[operationKind.update],
    fittingReads: new Int32Array(16 * words),
    fittingUpdates: new Int32Array(16 * words),
    fit(state: number): number {
      const base = state * words;
      if (state >= workedOut.length) {
        workedOut = grown(workedOut, state + 1);
        self.fittingReads = grown(self.fittingReads, workedOut.length * words);
        self.fittingUpdates = grown(self.fittingUpdates, workedOut.length * words);
      }
      if (workedOut[state] !== version) {
        workedOut[state] = version;
        workOut(state, base);
      }
      return base;
    },
    enter(slot: number, operationClass: number, order: number): void {
      classAt[slot] = operationClass;
      kindAt[slot] = classes.kindOf(operationClass);
      orderAt[slot] = order;
      let place = self.open++;
      for (; place > 0; place--) {
        const before = slots[place - 1] as number;
        if ((orderAt[before] as number) < order) break;
        slots[place] = before;
      }
      slots[place] = slot;
      toggle(slot);
    },
    leave(slot: number): void {
      const place = slots.indexOf(slot);
      slots.copyWithin(place, place + 1, self.open--);
      toggle(slot);
    },
  };
  return self;

  function workOut(state: number, base: number): void {
    const { fittingReads, fittingUpdates, open } = self;
    fittingReads.fill(0, base, base + words);
    fittingUpdates.fill(0, base, base + words);
    for (let place = 0; place < open; place++) {
      const slot = slots[place] as number;
      const kind = kindAt[slot] as number;
      if (kind === operationKind.blind) continue;
      if (transitions.next(state, classAt[slot] as number) === impossible) continue;
      const fitting = kind === operationKind.read ? fittingReads : fittingUpdates;
      const word = base + (slot >> 5);
      fitting[word] = (fitting[word] as number) | (1 << (slot & 31));
    }
  }
}
