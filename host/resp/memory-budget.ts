/**
 * Memory that all connections hold together: what has come in and is not answered yet, and what is
 * answered and not read yet. Each has bounds of its own, but ten thousand times such a bound is more
 * than a machine has.
 */
export interface MemoryBudget {
  /** Changes by so many bytes; false when that is over the budget, and then nothing was taken. */
  take(bytes: number): boolean;
  readonly taken: number;
}

export function memoryBudget(maxBytes: number): MemoryBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (bytes > 0 && taken + bytes > maxBytes) return false;
      taken += bytes;
      return true;
    },
    get taken() {
      return taken;
    },
  };
}
