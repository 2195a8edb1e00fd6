// cspell:words Bouajjani Henzinger Sezgin Vafeiadis
import type { Model } from '../../models/model.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import { type Collection, collectionOf } from './collection.ts';
import { emptyMoments } from './empty-moments.ts';
import { callsOf, firstAfter } from './points.ts';
import { coverage, nextEmptyOf, wrongEmpties } from './presence.ts';

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
export function createUniqueQueue(model: Model, operations: Operations): Decider | null {
  const queue = collectionOf(model, 'queue', operations);
  if (queue === null || (queue.takers.length > 0 && queue.hasOptional)) return null;
  let steps = 0;
  let stuck: number | null = null;
  return {
    name: 'unique-queue',
    steps: () => steps,
    stuck: () => stuck,
    run() {
      steps = operations.length;
      const { isValid, culprit } = judge(queue);
      stuck = queue.takers.length === 0 && !queue.isContested ? culprit : null;
      return isValid ? 'valid' : 'invalid';
    },
  };
}

interface Judgement {
  readonly isValid: boolean;
  /** The first operation to return at whose return some rule was broken, if it is known. */
  readonly culprit: number | null;
}

function judge(queue: Collection): Judgement {
  const { operations, wrong, takers } = queue;
  const overtaking = overtakingIn(queue);
  const calls = callsOf(operations);
  const nextEmpty =
    takers.length === 0
      ? nextEmptyOf(calls, coverage(calls, queue))
      : emptyMoments(calls, queue, { takers, takeBy: overtaking.takeBy });
  const lies = nextEmpty === null ? [] : wrongEmpties(queue, nextEmpty);
  const first = [...wrong, ...lies, ...overtaking.culprits].reduce<number | null>(
    (best, at) => (best === null || returnOf(at) < returnOf(best) ? at : best),
    null,
  );
  return { isValid: first === null && nextEmpty !== null, culprit: first };

  function returnOf(at: number): number {
    return operations.returns[at] ?? Infinity;
  }
}

interface Overtaking {
  /** Until when a dequeue of unknown result must have taken a value that nobody else did. */
  readonly takeBy: Float64Array;
  /** The first to return of the dequeues that break rule 2, if there are any. */
  readonly culprits: readonly number[];
}

/** Of the values enqueued wholly after another, the one whose dequeue returned first overtook most. */
function overtakingIn(queue: Collection): Overtaking {
  const { size, insertedTo, removedFrom, removedTo, removals, takers } = queue;
  const calls = queue.insertedFrom.subarray(0, size);
  const firstOut = new Int32Array(size + 1).fill(-1);
  const outOf = (row: number): number => (row === -1 ? Infinity : (removedTo[row] ?? Infinity));
  for (let row = size - 1; row >= 0; row--) {
    const later = firstOut[row + 1] ?? -1;
    firstOut[row] = outOf(row) < outOf(later) ? row : later;
  }
  const takeBy = new Float64Array(size).fill(Infinity);
  let culprit = -1;
  for (let row = 0; row < size; row++) {
    const overtaker = firstOut[firstAfter(calls, insertedTo[row] ?? 0)] ?? -1;
    const limit = outOf(overtaker);
    if (limit >= (removedFrom[row] ?? 0)) continue;
    if (removedFrom[row] === Infinity && takers.length > 0) takeBy[row] = limit;
    else if (limit < outOf(culprit)) culprit = overtaker;
  }
  return { takeBy, culprits: culprit === -1 ? [] : [removals[culprit] ?? -1] };
}
