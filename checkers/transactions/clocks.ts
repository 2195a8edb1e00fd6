/**
 * Vector clocks (Mattern 1989): how many transactions of each session one sees. A clock lives from its
 * transaction to its last use, and its memory is then given to another.
 */
export interface Clocks {
  /** A new clock that sees nothing. */
  readonly open: (transaction: number) => Uint32Array;
  /** Sees, besides, all that another transaction and its clock do. */
  readonly merge: (into: Uint32Array, transaction: number) => void;
  readonly of: (transaction: number) => Uint32Array;
  /** Says that the clock has its final state. */
  readonly close: (transaction: number) => void;
  /** Counts one of the uses that were announced. */
  readonly release: (transaction: number) => void;
}

/** `uses` says for each transaction how often its clock will be released. */
export function createClocks(sessions: number, uses: Uint32Array): Clocks {
  const left = uses.slice();
  const living = new Map<number, Uint32Array>();
  const free: Uint32Array[] = [];
  const of = (transaction: number): Uint32Array => {
    const clock = living.get(transaction);
    if (clock !== undefined) return clock;
    throw new Error(`expected a living clock, got none for transaction ${transaction}`);
  };
  const end = (transaction: number): void => {
    free.push(of(transaction));
    living.delete(transaction);
  };
  return {
    open(transaction) {
      const clock = free.pop()?.fill(0) ?? new Uint32Array(sessions);
      living.set(transaction, clock);
      return clock;
    },
    merge(into, transaction) {
      const other = of(transaction);
      for (let session = 0; session < sessions; session++) {
        const seen = other[session] ?? 0;
        if (seen > (into[session] ?? 0)) into[session] = seen;
      }
    },
    of,
    close(transaction) {
      if (left[transaction] === 0) end(transaction);
    },
    release(transaction) {
      const uses = (left[transaction] ?? 0) - 1;
      left[transaction] = uses;
      if (uses === 0) end(transaction);
    },
  };
}
