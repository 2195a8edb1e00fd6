import type { Arrivals } from './arrivals.ts';
import type { Fleet } from './fleet.ts';
import type { Wake } from './wake.ts';

/** Says when each client begins. */
export interface Loop {
  start(): void;
  /** A client is free. */
  free(slot: number): void;
  /** No operation begins any more; says how many were due by then and not begun. */
  stop(): number;
}

/** Each client begins its next operation as soon as it has an answer to the last. */
export function closedLoop(fleet: Pick<Fleet, 'begin'>, slots: number): Loop {
  let isOver = false;
  return {
    start: () => {
      for (let slot = 0; slot < slots; slot++) fleet.begin(slot, -1);
    },
    free: (slot) => {
      if (!isOver) fleet.begin(slot, -1);
    },
    stop: () => {
      isOver = true;
      return 0;
    },
  };
}

export interface OpenLoopOptions {
  readonly fleet: Pick<Fleet, 'begin'>;
  readonly slots: number;
  readonly arrivals: Arrivals;
  readonly nowNs: () => number;
  /** Nothing is due from here on. */
  readonly untilNs: number;
  readonly wake: Wake;
  /** Told how late an operation began that did not wait for a client. */
  readonly onLate: (lateNs: number, dueNs: number) => void;
}

/**
 * Operations begin when they are due. Those that find every client busy wait, first come first served,
 * and keep the moment at which they were due: it is from there that their latency counts, so a server
 * that stalls cannot make the operations vanish that would have met its stall ("coordinated
 * omission", Tene). The arrivals are a sequence that depends on nothing, so what waits is only the
 * place in it, however many operations that are.
 */
export function openLoop(options: OpenLoopOptions): Loop {
  const { fleet, slots, arrivals, nowNs, untilNs, wake, onLate } = options;
  const free = ringOf(slots);
  let isOver = false;

  const pump = (isFromWake: boolean): void => {
    while (!isOver && free.length > 0 && arrivals.nextNs < untilNs) {
      const dueNs = arrivals.nextNs;
      const lateNs = nowNs() - dueNs;
      if (lateNs < 0) {
        wake.at(dueNs);
        return;
      }
      // What was found overdue as a client came free had waited for the client, not for a timer.
      if (isFromWake) onLate(lateNs, dueNs);
      arrivals.advance();
      fleet.begin(free.shift(), dueNs);
    }
  };
  wake.onWake(() => {
    pump(true);
  });
  return {
    start() {
      for (let slot = 0; slot < slots; slot++) free.push(slot);
      pump(true);
    },
    free(slot) {
      const hadFree = free.length > 0;
      free.push(slot);
      // With others free, the next operation is not due yet, and its wake is set.
      if (!hadFree) pump(false);
    },
    stop() {
      isOver = true;
      wake.cancel();
      let unissued = 0;
      const endNs = Math.min(untilNs, nowNs());
      while (arrivals.nextNs < endNs) {
        arrivals.advance();
        unissued++;
      }
      return unissued;
    },
  };
}

interface Ring {
  readonly length: number;
  push(slot: number): void;
  shift(): number;
}

/** Clients take turns, so that none is cold. */
function ringOf(room: number): Ring {
  const slots = new Uint32Array(room);
  let [start, length] = [0, 0];
  return {
    get length() {
      return length;
    },
    push(slot) {
      slots[(start + length++) % room] = slot;
    },
    shift() {
      const slot = slots[start] ?? 0;
      start = (start + 1) % room;
      length--;
      return slot;
    },
  };
}
