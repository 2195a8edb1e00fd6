import { doneField, grown, stateField } from './configuration.ts';
import { operationKind } from './operation-classes.ts';
import { type Transitions, impossible } from './transitions.ts';
import type { OpenOperations } from './window.ts';

/** Which open operations are possible in which state, worked out once for each state and window. */
export interface Fits {
  /** Marks the open reads that fit a configuration's state as done; says whether there were new ones. */
  settle(rows: Int32Array, at: number): boolean;
  /** Whether an open update that is not done is possible in a configuration's state. */
  hasUpdate(rows: Int32Array, at: number): boolean;
}

const firstCapacity = 16;

export function createFits(open: OpenOperations, transitions: Transitions): Fits {
  const { words } = open;
  /** By state: the version of the window for which its bits were worked out, and the bits. */
  const known = {
    versions: new Int32Array(firstCapacity),
    reads: new Int32Array(firstCapacity * words),
    updates: new Int32Array(firstCapacity * words),
  };
  /** Where the bits of a state begin, after making sure that they are right. */
  const bitsOf = (state: number): number => {
    if (state >= known.versions.length) {
      known.versions = grown(known.versions, state + 1);
      known.reads = grown(known.reads, known.versions.length * words);
      known.updates = grown(known.updates, known.versions.length * words);
    }
    const base = state * words;
    if (known.versions[state] === open.version) return base;
    known.versions[state] = open.version;
    workOut(state, base);
    return base;
  };
  const workOut = (state: number, base: number): void => {
    const { slots, kindAt, classAt } = open;
    const { reads, updates } = known;
    reads.fill(0, base, base + words);
    updates.fill(0, base, base + words);
    for (let place = 0; place < open.open; place++) {
      const slot = slots[place] as number;
      const kind = kindAt[slot] as number;
      if (kind === operationKind.blind) continue;
      if (transitions.next(state, classAt[slot] as number) === impossible) continue;
      const fitting = kind === operationKind.read ? reads : updates;
      const word = base + (slot >> 5);
      fitting[word] = (fitting[word] as number) | (1 << (slot & 31));
    }
  };
  return {
    settle(rows, at) {
      const base = bitsOf(rows[at + stateField] as number);
      const { reads } = known;
      let found = 0;
      for (let word = 0; word < words; word++) {
        const field = at + doneField + word;
        const done = rows[field] as number;
        const fitting = (reads[base + word] as number) & ~done;
        found |= fitting;
        rows[field] = done | fitting;
      }
      return found !== 0;
    },
    hasUpdate(rows, at) {
      const base = bitsOf(rows[at + stateField] as number);
      const { updates } = known;
      for (let word = 0; word < words; word++) {
        const done = rows[at + doneField + word] as number;
        if (((updates[base + word] as number) & ~done) !== 0) return true;
      }
      return false;
    },
  };
}
