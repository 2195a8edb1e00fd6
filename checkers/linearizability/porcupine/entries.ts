import type { Operations } from '../operations.ts';

/**
 * The calls and returns that are still to be explained, as a doubly linked list in order of time
 * (Wing and Gong 1993, with Lowe's list; `makeLinkedEntries`, `lift` and `unlift` in Porcupine). Node 0
 * is the head, 2i + 1 the call and 2i + 2 the return of operation i. An operation that never returned
 * has no return here: nothing has to wait for it.
 */
export interface Entries {
  /** The node after each; 0 after the last. */
  readonly next: Int32Array;
  /** Takes an operation's call and return out of the list. */
  lift(operation: number): void;
  /** Puts them back. Operations must come back in the reverse order of leaving. */
  unlift(operation: number): void;
}

export function isCall(node: number): boolean {
  return (node & 1) === 1;
}

export function callOf(operation: number): number {
  return 2 * operation + 1;
}

export function operationOf(node: number): number {
  return (node - 1) >> 1;
}

export function entriesOf(operations: Operations): Entries {
  const next = new Int32Array(2 * operations.length + 1);
  const previous = new Int32Array(next.length);
  let last = 0;
  for (const node of inOrder(operations)) {
    next[last] = node;
    previous[node] = last;
    last = node;
  }
  previous[0] = last;

  const remove = (node: number): void => {
    const before = previous[node] ?? 0;
    const after = next[node] ?? 0;
    next[before] = after;
    previous[after] = before;
  };
  const restore = (node: number): void => {
    next[previous[node] ?? 0] = node;
    previous[next[node] ?? 0] = node;
  };
  const returned = Uint8Array.from(operations.returns, (each) => (each === Infinity ? 0 : 1));
  return {
    next,
    lift: (operation) => {
      remove(2 * operation + 1);
      if (returned[operation] === 1) remove(2 * operation + 2);
    },
    unlift: (operation) => {
      if (returned[operation] === 1) restore(2 * operation + 2);
      restore(2 * operation + 1);
    },
  };
}

/**
 * All nodes by position. Intervals are closed, so at equal positions calls come before returns and the
 * two operations overlap (see the note on closed intervals in Porcupine's `model.go`).
 */
function inOrder(operations: Operations): readonly number[] {
  const nodes: number[] = [];
  operations.returns.forEach((returnedAt, at) => {
    nodes.push(2 * at + 1);
    if (returnedAt !== Infinity) nodes.push(2 * at + 2);
  });
  const positionOf = (node: number): number => {
    const column = isCall(node) ? operations.calls : operations.returns;
    return column[operationOf(node)] ?? 0;
  };
  return nodes.sort(
    (one, other) =>
      positionOf(one) - positionOf(other) || Number(isCall(other)) - Number(isCall(one)),
  );
}
