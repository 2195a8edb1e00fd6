import type { Slots } from './slots.ts';

/** The linearization under construction, and enough to take back each move of it. */
export interface Path {
  state(): number;
  /** The number of returns passed: all of them are linearized, the next one is not. */
  first(): number;
  /** Bits of the linearized operations that are open at that return. */
  readonly linearized: Int32Array;
  /** Moves made and not taken back. */
  depth(): number;
  /** Starts a move: whatever is placed until the next one is taken back with it. */
  open(): void;
  place(operation: number, state: number): void;
  /** Takes the last move back, newest operation first, and gives its first operation. */
  close(unplace: (operation: number) => void): number;
  /** The operations placed so far, in order; a view, not a copy. */
  placed(): Int32Array;
}

/** Of each open move: operations placed before it, the state, the returns passed; then the bits. */
const frameHeader = 3;

export function createPath(operations: number, slots: Slots, initial: number): Path {
  const { byReturn, slotOf, words } = slots;
  const width = frameHeader + words;
  const order = new Int32Array(operations);
  const linearized = new Int32Array(words);
  let frames = new Int32Array(width * 64);
  let state = initial;
  let count = 0;
  let first = 0;
  let depth = 0;

  const passReturns = (): void => {
    for (; first < byReturn.length; first++) {
      const slot = slotOf[byReturn[first] ?? 0] ?? 0;
      const bits = linearized[slot >> 5] ?? 0;
      if ((bits & (1 << (slot & 31))) === 0) return;
      // From here on the slot belongs to whoever was called after this return.
      linearized[slot >> 5] = bits & ~(1 << (slot & 31));
    }
  };

  return {
    state: () => state,
    first: () => first,
    depth: () => depth,
    linearized,
    open() {
      const at = depth * width;
      if (at + width > frames.length) frames = doubled(frames);
      frames[at] = count;
      frames[at + 1] = state;
      frames[at + 2] = first;
      frames.set(linearized, at + frameHeader);
      depth++;
    },
    place(operation, next) {
      order[count++] = operation;
      state = next;
      const slot = slotOf[operation] ?? 0;
      linearized[slot >> 5] = (linearized[slot >> 5] ?? 0) | (1 << (slot & 31));
      if (byReturn[first] === operation) passReturns();
    },
    close(unplace) {
      depth--;
      const at = depth * width;
      const from = frames[at] ?? 0;
      while (count > from) unplace(order[--count] ?? 0);
      state = frames[at + 1] ?? 0;
      first = frames[at + 2] ?? 0;
      for (let word = 0; word < words; word++) {
        linearized[word] = frames[at + frameHeader + word] ?? 0;
      }
      return order[from] ?? 0;
    },
    placed: () => order.subarray(0, count),
  };
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
