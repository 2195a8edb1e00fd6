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
import type { Sink } from './expansion.ts';
import type { Ground } from './ground.ts';
import { operationKind } from './operation-classes.ts';
import { impossible } from './transitions.ts';
import type { Window } from './window.ts';

/** Gives one more operation its place, behind all that have one. */
export interface Placement {
  /** Whose return is to be passed, and who is told of what comes of it. */
  aim(returning: number, sink: Sink): void;
  /** Places an open operation by its slot, or a crashed one where the slot is -1. */
  place(rows: Int32Array, at: number, slot: number, crashedClass: number): void;
}

export function createPlacement(ground: Ground, window: Window, crashed: Crashed): Placement {
  const { classes, transitions, usedSets } = ground;
  const { words, classAt, fits } = window;
  const stride = strideOf(words);
  const child = new Int32Array(stride);
  let returning = -1;
  let sink: Sink | null = null;

  const become = (state: number, slot: number, crashedClass: number): void => {
    child[stateField] = state;
    if (slot < 0) {
      child[usedField] = usedSets.plus(child[usedField] as number, crashedClass);
    } else {
      setBit(child, doneField, slot);
      clearBit(child, doneField + words, slot);
    }
  };
  const hand = (): void => {
    if (!hasBit(child, doneField, returning)) {
      sink?.push(child);
      return;
    }
    clearBit(child, doneField, returning);
    clearBit(child, doneField + words, returning);
    sink?.pass(child);
  };
  const canUpdate = (): boolean =>
    fits.hasUpdate(child, 0) ||
    crashed.canUpdate(child[stateField] as number, child[usedField] as number);
  return {
    aim(slot, to) {
      returning = slot;
      sink = to;
    },
    place(rows, at, slot, crashedClass) {
      const operationClass = slot < 0 ? crashed.classAt(crashedClass) : (classAt[slot] as number);
      const from = rows[at + stateField] as number;
      const next = transitions.next(from, operationClass);
      if (next === impossible) return;
      const isBlind = classes.kindOf(operationClass) === operationKind.blind;
      const results = next < impossible ? transitions.several(next) : null;
      const count = results?.length ?? 1;
      for (let each = 0; each < count; each++) {
        const state = results === null ? next : (results[each] as number);
        // A crashed operation without effect need not happen; a blind one still hides others.
        if (slot < 0 && state === from && !isBlind) continue;
        for (let field = 0; field < stride; field++) child[field] = rows[at + field] as number;
        become(state, slot, crashedClass);
        if (isBlind) hideBlinds(window, child);
        if (fits.settle(child, 0) || !isBlind || slot === returning || canUpdate()) hand();
      }
    },
  };
}

/** Every open blind operation that is not done could have happened just before the one placed. */
function hideBlinds({ words, blinds }: Window, row: Int32Array): void {
  for (let word = 0; word < words; word++) {
    const hidden = (blinds[word] as number) & ~(row[doneField + word] as number);
    row[doneField + words + word] = (row[doneField + words + word] as number) | hidden;
  }
}
