/** What happens when, in virtual time. Events of one moment happen in the order they were added. */
export interface EventQueue {
  readonly size: number;
  add(atMs: number, action: () => void): void;
  /** When the next event is due; Infinity when there is none. */
  nextMs(): number;
  /** Takes the next event out; undefined when there is none. */
  take(): TimedEvent | undefined;
}

export interface TimedEvent {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A binary heap; `order` breaks ties, so that a run repeats exactly. */
export function eventQueue(): EventQueue {
  const heap: TimedEvent[] = [];
  let added = 0;
  return {
    get size() {
      return heap.length;
    },
    add(atMs, action) {
      added += 1;
      heap.push({ atMs, order: added, action });
      siftUp(heap, heap.length - 1);
    },
    nextMs: () => heap[0]?.atMs ?? Infinity,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        siftDown(heap, 0);
      }
      return first;
    },
  };
}

/** Whether the event at `left` is due before the one at `right`; both are in the heap. */
function before(heap: readonly TimedEvent[], left: number, right: number): boolean {
  const one = heap[left];
  const other = heap[right];
  if (one === undefined || other === undefined) return false;
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
}

function swap(heap: TimedEvent[], left: number, right: number): void {
  const one = heap[left];
  const other = heap[right];
  if (one === undefined || other === undefined) return;
  heap[left] = other;
  heap[right] = one;
}

function siftUp(heap: TimedEvent[], start: number): void {
  let at = start;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(heap, at, parent)) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function siftDown(heap: TimedEvent[], start: number): void {
  let at = start;
  for (;;) {
    const left = 2 * at + 1;
    const smaller = before(heap, left + 1, left) ? left + 1 : left;
    if (!before(heap, smaller, at)) return;
    swap(heap, at, smaller);
    at = smaller;
  }
}
