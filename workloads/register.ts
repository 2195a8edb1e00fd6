import { linearizable } from '../checkers/linearizability/index.ts';
import { modelNamed } from '../checkers/models/index.ts';
import { type HistoryEvent, type Key, type Op, isFaultEvent } from '../core/event.ts';
import type { OpGenerator } from '../core/generator.ts';
import type { History } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Rng } from '../core/rng.ts';
import type { Workload, WorkloadOptions } from '../core/workload.ts';
import { none } from '../generators/combinators.ts';

/**
 * Independent registers that many clients read, write and compare-and-set. Every value written is
 * new, so a read names the write it saw, and the check stays cheap. A register retires after so many
 * operations and a fresh one takes its place: each has a short history of its own.
 */
export const register: Workload = {
  name: 'register',
  summary: 'read, write and cas on independent registers, checked for linearizability',
  operations: ['read', 'write', 'cas'],
  generator: (options) => registerOps(firstState(options)),
  finalGenerator: finalReads,
  checker: () => linearizable(modelNamed('cas-register')),
};

interface Slot {
  readonly key: number;
  readonly issued: number;
  /** What a client last saw in it; where a cas starts from. */
  readonly seen: Json;
}

interface State {
  readonly options: WorkloadOptions;
  readonly slots: readonly Slot[];
  readonly nextKey: number;
  readonly nextValue: number;
}

function firstState(options: WorkloadOptions): State {
  const slots = Array.from({ length: options.keys }, (_, key) => freshSlot(key));
  return { options, slots, nextKey: options.keys, nextValue: 1 };
}

function freshSlot(key: number): Slot {
  return { key, issued: 0, seen: null };
}

function registerOps(state: State): OpGenerator {
  return {
    next(context) {
      const at = context.rng.int(0, state.slots.length - 1);
      const slot = state.slots[at] as Slot;
      const op = drawOp(slot, state, context.rng);
      return { kind: 'op', draw: { op }, then: registerOps(issue(state, at)) };
    },
    update: (event) => registerOps(see(state, event)),
  };
}

/** Of what is not a read, two in five are cas. */
function drawOp(slot: Slot, { options, nextValue }: State, rng: Rng): Op {
  if (rng.float() < options.readRatio) return { op: 'read', key: slot.key, value: null };
  if (rng.float() < 0.6) return { op: 'write', key: slot.key, value: nextValue };
  return { op: 'cas', key: slot.key, value: [slot.seen, nextValue] };
}

function issue(state: State, at: number): State {
  const slot = state.slots[at] as Slot;
  const spent = slot.issued + 1 >= state.options.opsPerKey;
  const next = spent ? freshSlot(state.nextKey) : { ...slot, issued: slot.issued + 1 };
  return {
    ...state,
    slots: state.slots.with(at, next),
    nextKey: state.nextKey + (spent ? 1 : 0),
    nextValue: state.nextValue + 1,
  };
}

function see(state: State, event: HistoryEvent): State {
  if (isFaultEvent(event) || event.phase !== 'ok') return state;
  const at = state.slots.findIndex((slot) => slot.key === event.key);
  const slot = state.slots[at];
  if (slot === undefined) return state;
  const seen = event.op === 'cas' ? (event.value as readonly Json[])[1] : event.value;
  return { ...state, slots: state.slots.with(at, { ...slot, seen: seen ?? null }) };
}

/** Registers that retired are read once more, as many of the last ones as this. */
const mostRetiredReads = 2000;

/**
 * The last registers in use are read by every worker, through every node that workers are bound to,
 * and those that retired once, by one worker or another: what was acknowledged must still be there.
 */
function finalReads(options: WorkloadOptions, history: History): OpGenerator {
  const keys = new Set<Key>();
  for (const event of history.events()) {
    if (isFaultEvent(event) || event.key === undefined) continue;
    keys.delete(event.key);
    keys.add(event.key);
  }
  const last = [...keys].slice(-options.keys);
  const retired = [...keys].slice(0, -options.keys).slice(-mostRetiredReads);
  const workers = Array.from({ length: options.concurrency }, (_, worker) => worker);
  return perWorker(
    workers.map((worker) => {
      const own = retired.filter((_, at) => at % options.concurrency === worker);
      return [...last, ...own].map((key): Op => ({ op: 'read', key, value: null }));
    }),
  );
}

/** Each worker its own list, one after another. */
function perWorker(lists: readonly (readonly Op[])[]): OpGenerator {
  if (lists.every((list) => list.length === 0)) return none;
  const self: OpGenerator = {
    next(context) {
      for (const worker of context.free) {
        const [op, ...rest] = lists[worker] ?? [];
        if (op === undefined) continue;
        return { kind: 'op', draw: { op, worker }, then: perWorker(lists.with(worker, rest)) };
      }
      return { kind: 'pending', then: self };
    },
    update: () => self,
  };
  return self;
}
