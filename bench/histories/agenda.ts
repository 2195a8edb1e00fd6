/** What is to happen, in order of time; of things at the same time, what was planned first. */
export interface Agenda<Thing> {
  readonly size: number;
  add(atNs: number, thing: Thing): void;
  /** Takes the next thing out; null when there is none. */
  next(): { readonly atNs: number; readonly thing: Thing } | null;
}

interface Entry<Thing> {
  readonly atNs: number;
  readonly planned: number;
  readonly thing: Thing;
}

/** A binary heap. */
export function createAgenda<Thing>(): Agenda<Thing> {
  const heap: Entry<Thing>[] = [];
  let planned = 0;
  const sink = (entry: Entry<Thing>): void => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (isBefore(heap[child + 1], heap[child])) child++;
      const smaller = heap[child];
      if (smaller === undefined || isBefore(entry, smaller)) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = entry;
  };
  return {
    get size() {
      return heap.length;
    },
    add(atNs, thing) {
      const entry = { atNs, planned: planned++, thing };
      let at = heap.push(entry) - 1;
      for (; at > 0; at = (at - 1) >> 1) {
        const parent = heap[(at - 1) >> 1];
        if (parent === undefined || isBefore(parent, entry)) break;
        heap[at] = parent;
      }
      heap[at] = entry;
    },
    next() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (heap.length > 0) sink(last);
      return first;
    },
  };
}

function isBefore<Thing>(one: Entry<Thing> | undefined, other: Entry<Thing> | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.atNs < other.atNs || (one.atNs === other.atNs && one.planned < other.planned);
}
