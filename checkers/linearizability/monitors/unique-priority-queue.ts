// cspell:words Mathur
import type { Model } from '../../models/model.ts';
import { viewAs } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import type { Collection, Stays } from './collection.ts';
import { orderOf } from './order.ts';
import { callsOf, firstAfter, firstFrom } from './points.ts';
import { coverage, nextEmptyOf, wrongEmpties } from './presence.ts';
import { judgeCollection } from './takers.ts';

/**
 * Decides a queue of numbers, all different, whose smallest leaves first, in O(n log n) however many
 * operations overlap or crashed; null when the operations are not of that kind, or when it depends on
 * dequeues of unknown result in a way that `takers.ts` cannot tell.
 *
 * As in `unique-stack.ts`, a number is certainly there from the end of its enqueue to the beginning of its
 * dequeue, both left out; and at any moments when none certainly is, a linearizable history has a
 * linearization in which the queue is empty. (Those before such a moment let their last dequeues happen
 * there, those after it their first enqueues, and one that is neither comes and goes just there.)
 *
 * Take the greatest number, m. The others leave as if it were not there. It leaves when no other is
 * there, hence at a moment between the call and the return of its dequeue, and not before its enqueue is
 * called, at which none of the others is certainly there. Given a linearization of the others, let t be
 * the first such moment: the others can be gone then, and m leaves at t and comes as late before t as its
 * enqueue allows. Removals that found nothing keep their moments: one at which m is not certainly there
 * is either not after the end of its enqueue or not before t. So the history is linearizable exactly when
 * - each number that was dequeued has a moment to leave at which no smaller one is certainly there, and
 * - each dequeue that found nothing has a moment at which none at all is.
 *
 * A dequeue that may not have happened needs no such moment: if there is none, a smaller number stays for
 * ever, which hides what the greater ones do. That values can be taken out one by one is the idea of Lee
 * and Mathur, "Efficient decrease-and-conquer linearizability monitoring" (2025, arXiv 2410.04581).
 */
export function createUniquePriorityQueue(model: Model, operations: Operations): Decider | null {
  const object = 'priority-queue';
  for (let at = 0; at < operations.length; at++) {
    const view = viewAs(model, object, operations.operation(at));
    if (view?.kind === 'insert' && typeof view.value !== 'number') return null;
  }
  return judgeCollection(model, object, operations, (queue, stays) =>
    violationIn(queue, stays, byPriority(model, queue)),
  );
}

/** The rows, the smallest number first. */
function byPriority(model: Model, { size, insertions, operations }: Collection): Uint32Array {
  const priorities = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const operation = operations.operation(insertions[row] ?? 0);
    const view = viewAs(model, 'priority-queue', operation);
    priorities[row] = view?.kind === 'insert' ? Number(view.value) : 0;
  }
  return orderOf(priorities);
}

function violationIn(queue: Collection, stays: Stays, order: Uint32Array): number | null {
  const { insertedTo, removedFrom, removedTo } = stays;
  const calls = callsOf(queue.operations);
  const free = createFreePoints(calls.length);
  for (const row of order) {
    const [from = 0, until = 0] = [removedFrom[row], removedTo[row]];
    if (until !== Infinity) {
      const moment = calls[free.next(firstFrom(calls, from))] ?? Infinity;
      if (moment > until) return until;
    }
    free.cover(firstAfter(calls, insertedTo[row] ?? 0), firstFrom(calls, from));
  }
  const [wrong] = wrongEmpties(queue, nextEmptyOf(calls, coverage(calls, stays)));
  return wrong === undefined ? null : (queue.operations.returns[wrong] ?? Infinity);
}

interface FreePoints {
  /** The first point from there on that was not covered yet. */
  next(from: number): number;
  cover(first: number, end: number): void;
}

/** Each point knows a later one with nothing free before it, and learns of later ones when asked. */
function createFreePoints(count: number): FreePoints {
  const onward = Uint32Array.from({ length: count + 1 }, (_, at) => at);
  const next = (from: number): number => {
    let at = from;
    for (let to = onward[at] ?? at; to !== at; to = onward[at] ?? at) {
      const beyond = onward[to] ?? to;
      onward[at] = beyond;
      at = beyond;
    }
    return at;
  };
  return {
    next,
    cover(first, end) {
      for (let at = next(first); at < end; at = next(at)) onward[at] = at + 1;
    },
  };
}
