// cspell:words Bouajjani Henzinger Sezgin Vafeiadis
import type { Model } from '../../models/model.ts';
import type { Decider } from '../decider.ts';
import { type Stay, emptyMoments, firstAfter } from './empty-moments.ts';
import type { TimedOperation } from '../part.ts';
import { type UniqueQueue, queueOf, returnOf } from './queue-operations.ts';

/**
 * Decides a queue that starts empty and whose enqueued values are all different, in O(n log n) however
 * many operations overlap or crashed; null when the operations are not of that kind, or when some
 * dequeues of unknown result stand beside others that may not have happened but whose result is known.
 *
 * Each value x has an interval E(x) for its enqueue and one, D(x), for its dequeue: at infinity if it
 * has none, open to the right if it crashed. Since x comes before it goes, E(x) need not end after D(x)
 * does, nor D(x) begin before E(x) does; cut like that, the history is linearizable exactly when
 * 1. no value is dequeued twice, or without having been enqueued, or before its enqueue began;
 * 2. for no two values E(a) is before E(b) and D(b) before D(a);
 * 3. every dequeue that found nothing has a moment t at which no value is certainly there: t is not
 *    after the end of E(x) and before the beginning of D(x), for any x.
 *
 * All three are necessary. That they suffice: take such a dequeue for a value with E = D = [t, t]; by 3,
 * rule 2 still holds. Let a ≺ b when E(a) is before E(b) or D(a) before D(b). A shortest circle of ≺
 * alternates between the two, so it has E(a) before E(b), D(b) before D(c), E(c) before E(d). Of two such
 * pairs of intervals, E(a) is before E(d), which is a shorter circle, or E(c) before E(b), which rule 2
 * forbids. So the values have an order. Let each be enqueued at the latest beginning of an E so far in
 * that order, and dequeued at the latest beginning of a D: that is within its intervals, first in, first
 * out, and whoever found nothing stands at t, with all before it gone and none after it there yet.
 * Rule 2 is Henzinger, Sezgin and Vafeiadis, "Aspect-oriented linearizability proofs" (2013, section 4);
 * rule 3 is in Bouajjani et al., "On reducing linearizability to state reachability" (2015).
 *
 * A crashed enqueue happened exactly when its value is known to be dequeued. What dequeues of unknown
 * result can have taken is in `empty-moments.ts`.
 */
export function createUniqueQueue(
  model: Model,
  operations: readonly TimedOperation[],
): Decider | null {
  const queue = queueOf(model, operations);
  if (queue === null) return null;
  let steps = 0;
  let stuck: number | null = null;
  return {
    name: 'unique-queue',
    get steps() {
      return steps;
    },
    stuck: () => stuck,
    run() {
      steps = operations.length;
      const { valid, culprits } = judge(queue);
      const first = culprits.reduce<number | null>(
        (best, at) => (best === null || returnOf(queue, at) < returnOf(queue, best) ? at : best),
        null,
      );
      stuck = queue.isCertain ? first : null;
      return valid ? 'valid' : 'invalid';
    },
  };
}

interface Judgement {
  readonly valid: boolean;
  /** Operations at whose return some rule was broken, the first such return among them. */
  readonly culprits: readonly number[];
}

function judge(queue: UniqueQueue): Judgement {
  const { operations, empties, takers } = queue;
  const culprits = wrongDequeues(queue);
  const values = valuesOf(queue);
  const overtakerOf = overtakersAmong(queue, values);
  const stays: Stay[] = [];
  for (const { enqueued, dequeued } of values) {
    const overtaker = overtakerOf(enqueued);
    const limit = overtaker === null ? Infinity : returnOf(queue, overtaker);
    // A value that nobody is known to have dequeued may have been taken in time.
    const mayBeTaken = dequeued.from === Infinity && takers.length > 0;
    if (overtaker !== null && limit < dequeued.from && !mayBeTaken) culprits.push(overtaker);
    if (enqueued.to >= dequeued.from) continue;
    stays.push({ from: enqueued.to, to: dequeued.from, takeBy: mayBeTaken ? limit : Infinity });
  }
  const moments = Float64Array.from(operations, ({ calledAt }) => calledAt).sort();
  const nextEmpty = emptyMoments(moments, stays, takers);
  if (nextEmpty === null) return { valid: false, culprits };
  for (const at of empties) {
    if (nextEmpty(operations[at]?.calledAt ?? 0) > returnOf(queue, at)) culprits.push(at);
  }
  return { valid: culprits.length === 0, culprits };
}

/** Dequeues that break rule 1. */
function wrongDequeues({ operations, enqueues, dequeues }: UniqueQueue): number[] {
  const wrong: number[] = [];
  for (const [key, [first = -1, ...others]] of dequeues) {
    const { returnedAt = 0 } = operations[first] ?? {};
    if (returnedAt === Infinity) continue;
    const enqueue = enqueues.get(key);
    const isEarly = enqueue === undefined || returnedAt < (operations[enqueue]?.calledAt ?? 0);
    wrong.push(...(isEarly ? [first] : []), ...others);
  }
  return wrong;
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

interface Value {
  readonly enqueued: Interval;
  readonly dequeued: Interval;
  /** The dequeue, if there is one. */
  readonly dequeue: number | null;
}

const never: Interval = { from: Infinity, to: Infinity };

/** The values that were certainly enqueued, or else cannot have mattered; in the order of their calls. */
function valuesOf({ operations, enqueues, dequeues }: UniqueQueue): Value[] {
  const values: Value[] = [];
  for (const [key, enqueue] of enqueues) {
    const dequeue = dequeues.get(key)?.[0] ?? null;
    const { calledAt = 0, returnedAt = 0 } = operations[enqueue] ?? {};
    const taking = dequeue === null ? undefined : operations[dequeue];
    const to = taking?.returnedAt ?? Infinity;
    if (returnedAt === Infinity && to === Infinity) continue;
    const dequeued =
      taking === undefined ? never : { from: Math.max(calledAt, taking.calledAt), to };
    values.push({ enqueued: { from: calledAt, to: Math.min(returnedAt, to) }, dequeued, dequeue });
  }
  return values.sort((one, other) => one.enqueued.from - other.enqueued.from);
}

/** Finds, of the values enqueued wholly after another, the dequeue that was the first to return. */
function overtakersAmong(
  queue: UniqueQueue,
  values: readonly Value[],
): (enqueued: Interval) => number | null {
  const calls = Float64Array.from(values, ({ enqueued }) => enqueued.from);
  const firstFrom: (number | null)[] = Array.from({ length: values.length + 1 }, () => null);
  for (let at = values.length - 1; at >= 0; at--) {
    const [dequeue, first] = [values[at]?.dequeue ?? null, firstFrom[at + 1] ?? null];
    const isFirst =
      dequeue !== null && (first === null || returnOf(queue, dequeue) < returnOf(queue, first));
    firstFrom[at] = isFirst ? dequeue : first;
  }
  return ({ to }) => firstFrom[firstAfter(calls, to)] ?? null;
}
