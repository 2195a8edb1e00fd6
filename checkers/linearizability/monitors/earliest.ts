/** Operations that may still take effect, of which the one that returns first is always used first. */
export interface Earliest {
  size(): number;
  add(operation: number): void;
  /** Takes out the one that returns first; -1 when there is none. */
  take(): number;
}

/** A heap by time of return; infinity for one that need not have happened at all. */
export function createEarliest(returnOf: (operation: number) => number): Earliest {
  const heap: number[] = [];
  const keyAt = (place: number): number => returnOf(heap[place] ?? -1);
  const swap = (one: number, other: number): void => {
    const kept = heap[one] ?? -1;
    heap[one] = heap[other] ?? -1;
    heap[other] = kept;
  };
  return {
    size: () => heap.length,
    add(operation) {
      heap.push(operation);
      for (let at = heap.length - 1; at > 0;) {
        const parent = (at - 1) >> 1;
        if (keyAt(parent) <= keyAt(at)) break;
        swap(parent, at);
        at = parent;
      }
    },
    take() {
      if (heap.length === 0) return -1;
      swap(0, heap.length - 1);
      const taken = heap.pop() ?? -1;
      for (let at = 0; ;) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) {
          if (child < heap.length && keyAt(child) < keyAt(least)) least = child;
        }
        if (least === at) return taken;
        swap(least, at);
        at = least;
      }
    },
  };
}
