/**
 * A configuration of the search: what is to be known of the operations that were given a place so far.
 * All that returned before the return that is to be passed next have one, and none that was called
 * after it (just-in-time linearization, Lowe 2017, section 5); so it takes no more than
 * - the *state* that they lead to,
 * - which crashed operations are among them, as a *used set*,
 * - of the open operations, which are *done*, that is among them too,
 * - and which are *droppable*: those that always could have happened just before one that has a place
 *   and hides them.
 *
 * It is a row of integers: the state, the used set, the words of the done bits, those of the droppable
 * bits. An open operation has a bit while it is open.
 */
export const stateField = 0;
export const usedField = 1;
export const doneField = 2;

export function strideOf(words: number): number {
  return 2 + 2 * words;
}

export function wordsFor(slots: number): number {
  return Math.max(1, (slots + 31) >> 5);
}

export function hasBit(rows: Int32Array, from: number, slot: number): boolean {
  return (((rows[from + (slot >> 5)] as number) >>> (slot & 31)) & 1) === 1;
}

export function setBit(rows: Int32Array, from: number, slot: number): void {
  rows[from + (slot >> 5)] = (rows[from + (slot >> 5)] as number) | (1 << (slot & 31));
}

export function clearBit(rows: Int32Array, from: number, slot: number): void {
  rows[from + (slot >> 5)] = (rows[from + (slot >> 5)] as number) & ~(1 << (slot & 31));
}

/** A longer array with the same beginning. */
export function grown(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(2 * array.length, least));
  longer.set(array);
  return longer;
}
