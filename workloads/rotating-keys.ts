import { type HistoryEvent, type Op, isFaultEvent } from '../core/event.ts';
import type { OpGenerator } from '../core/generator.ts';
import type { Json } from '../core/json.ts';
import type { Rng } from '../core/rng.ts';
import type { WorkloadOptions } from '../core/workload.ts';

/** One of the objects in use. */
export interface Slot {
  readonly key: number;
  /** Operations on it so far. */
  readonly issued: number;
  /** What a client last saw in it. */
  readonly seen: Json;
}

export interface Draws {
  /** The next operation on an object. `fresh` is a number that was never used before. */
  readonly op: (slot: Slot, fresh: number, rng: Rng) => Op;
  /** What a successful operation showed of its object. */
  readonly seen: (event: HistoryEvent) => Json;
}

interface State {
  readonly options: WorkloadOptions;
  readonly draws: Draws;
  readonly slots: readonly Slot[];
  readonly nextKey: number;
  readonly nextFresh: number;
}

/**
 * Operations on independent objects, each of which retires after so many and makes room for a fresh one:
 * so each has a short history of its own, and the check stays cheap.
 */
export function rotatingKeys(options: WorkloadOptions, draws: Draws): OpGenerator {
  const slots = Array.from({ length: options.keys }, (_, key) => freshSlot(key));
  return operations({ options, draws, slots, nextKey: options.keys, nextFresh: 1 });
}

function freshSlot(key: number): Slot {
  return { key, issued: 0, seen: null };
}

function operations(state: State): OpGenerator {
  return {
    next({ rng }) {
      const at = rng.int(0, state.slots.length - 1);
      const op = state.draws.op(state.slots[at] as Slot, state.nextFresh, rng);
      return { kind: 'op', draw: { op }, then: operations(issue(state, at)) };
    },
    update: (event) => operations(see(state, event)),
  };
}

function issue(state: State, at: number): State {
  const slot = state.slots[at] as Slot;
  const spent = slot.issued + 1 >= state.options.opsPerKey;
  const next = spent ? freshSlot(state.nextKey) : { ...slot, issued: slot.issued + 1 };
  return {
    ...state,
    slots: state.slots.with(at, next),
    nextKey: state.nextKey + (spent ? 1 : 0),
    nextFresh: state.nextFresh + 1,
  };
}

function see(state: State, event: HistoryEvent): State {
  if (isFaultEvent(event) || event.phase !== 'ok') return state;
  const at = state.slots.findIndex((slot) => slot.key === event.key);
  const slot = state.slots[at];
  if (slot === undefined) return state;
  const seen = state.draws.seen(event);
  return { ...state, slots: state.slots.with(at, { ...slot, seen }) };
}
