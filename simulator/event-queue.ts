/** What happens when. Events of one moment happen in the order in which they were added. */
export interface EventQueue {
  readonly size: number;
  add(timeNs: number, act: () => void, isQuiet: boolean): QueuedEvent;
  /** Takes the next event out that is not called off; undefined when there is none. */
  take(): QueuedEvent | undefined;
}

export interface QueuedEvent {
  readonly timeNs: number;
  readonly order: number;
  /** Null once it is called off: it stays in its place, and nothing happens when its time comes. */
  act: (() => void) | null;
  /** Whether no promise is any further after it. */
  readonly isQuiet: boolean;
}

/** A binary heap; `order` breaks ties, so that a run repeats exactly. */
export function eventQueue(): EventQueue {
  const heap: QueuedEvent[] = [];
  let added = 0;
  return {
    get size() {
      return heap.length;
    },
    add(timeNs, act, isQuiet) {
      const event: QueuedEvent = { timeNs, order: added++, act, isQuiet };
      siftUp(heap, heap.length, event);
      return event;
    },
    take() {
      let first = takeFirst(heap);
      while (first?.act === null) first = takeFirst(heap);
      return first;
    },
  };
}

function takeFirst(heap: QueuedEvent[]): QueuedEvent | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) siftDown(heap, last);
  return first;
}

function isBefore(one: QueuedEvent, other: QueuedEvent): boolean {
  return one.timeNs === other.timeNs ? one.order < other.order : one.timeNs < other.timeNs;
}

/** Moves the hole at `from` up to where the event belongs. */
function siftUp(heap: QueuedEvent[], from: number, event: QueuedEvent): void {
  let hole = from;
  while (hole > 0) {
    const above = (hole - 1) >> 1;
    const parent = heap[above] as QueuedEvent;
    if (!isBefore(event, parent)) break;
    heap[hole] = parent;
    hole = above;
  }
  heap[hole] = event;
}

/** Moves a hole at the top down to where the event belongs. */
function siftDown(heap: QueuedEvent[], event: QueuedEvent): void {
  let hole = 0;
  for (;;) {
    const left = 2 * hole + 1;
    let child = heap[left];
    if (child === undefined) break;
    const right = heap[left + 1];
    const isRight = right !== undefined && isBefore(right, child);
    if (isRight) child = right;
    if (!isBefore(child, event)) break;
    heap[hole] = child;
    hole = isRight ? left + 1 : left;
  }
  heap[hole] = event;
}
