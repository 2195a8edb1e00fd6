import { type Fits, createFits } from './fits.ts';
import { type OperationClasses, operationKind } from './operation-classes.ts';
import type { Transitions } from './transitions.ts';

/**
 * The operations that are open at some point of the history. Each has a slot, which is used again after
 * its return, so there are as many slots as clients. The window moves forwards and backwards.
 */
export interface Window extends OpenOperations {
  readonly fits: Fits;
  /** An operation is open from now on; `order` is its place among all calls. */
  enter(slot: number, operationClass: number, order: number): void;
  leave(slot: number): void;
}

export interface OpenOperations {
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
  /** Changes with every operation that enters or leaves. */
  readonly version: number;
}

export function createWindow(
  classes: OperationClasses,
  transitions: Transitions,
  words: number,
): Window {
  const perSlot = (): Int32Array => new Int32Array(32 * words);
  const [slots, classAt, kindAt, orderAt] = [perSlot(), perSlot(), perSlot(), perSlot()];
  const bits = [new Int32Array(words), new Int32Array(words), new Int32Array(words)] as const;
  const open = {
    words,
    slots,
    classAt,
    kindAt,
    orderAt,
    reads: bits[operationKind.read],
    blinds: bits[operationKind.blind],
    updates: bits[operationKind.update],
    open: 0,
    version: 1,
  };
  const toggle = (slot: number): void => {
    const mask = bits[kindAt[slot] as 0 | 1 | 2];
    mask[slot >> 5] = (mask[slot >> 5] as number) ^ (1 << (slot & 31));
    open.version++;
  };
  return Object.assign(open, {
    fits: createFits(open, transitions),
    enter(slot: number, operationClass: number, order: number): void {
      classAt[slot] = operationClass;
      kindAt[slot] = classes.kindOf(operationClass);
      orderAt[slot] = order;
      let place = open.open++;
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
      slots.copyWithin(place, place + 1, open.open--);
      toggle(slot);
    },
  });
}
