// cspell:words Abdulla Mathur
import type { Model } from '../../models/model.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import type { Collection, Stays } from './collection.ts';
import { createCover } from './cover.ts';
import { createLatest } from './latest.ts';
import { orderOf } from './order.ts';
import { callsOf, firstAfter, firstFrom } from './points.ts';
import { coverage, nextEmptyOf, wrongEmpties } from './presence.ts';
import { judgeCollection } from './takers.ts';

/**
 * Decides a stack that starts empty and whose pushed values are all different, in O(n log n) however
 * many operations overlap or crashed; null when the operations are not of that kind, or when it depends
 * on pops of unknown result in a way that `takers.ts` cannot tell.
 *
 * A value whose push need not end before its pop begins can be left out: wherever both may happen, let
 * one follow the other at once. Any other value x is *certainly there* from the end of its push to the
 * beginning of its pop, both left out. At a moment t when no value is certainly there, each has either
 * t not after the end of its push, or t not before the beginning of its pop, and not both. Call the
 * latter early. In any linearization the early values' operations after t are pops, and the others'
 * before t are pushes; let all of these happen at t, the pops first, in their order. What remains of a
 * stack's sequence without some of its values is one too, so the result is a linearization in which the
 * stack is empty at t. Hence
 * 1. a pop that found nothing needs just such a moment between its call and its return, and
 * 2. the values between two such moments can be judged by themselves.
 *
 * Take the values between two such moments next to each other, a and b: a is the first end of a push,
 * b the last beginning of a pop, and at every moment in between the stack is certainly not empty. So one
 * value lies at the bottom all the while. It has a push called no later than a and a pop that returned no
 * earlier than b; if no value has, there is no linearization. If one has, let it be pushed at a and popped
 * at b: since each operation of the others ends after a and begins before b, all that came earlier or
 * later in a linearization of the others can move to a or to b. So the history is linearizable exactly
 * when it is without that value. Taking it out may lay open moments at which no value is certainly there.
 *
 * That values can be taken out one by one is the idea of Lee and Mathur, "Efficient decrease-and-conquer
 * linearizability monitoring" (2025, arXiv 2410.04581); the moments without a value that is certainly
 * there cut the history in Abdulla et al., "Efficient linearizability monitoring" (2025, arXiv
 * 2509.17795). The proof above is our own.
 */
export function createUniqueStack(model: Model, operations: Operations): Decider | null {
  return judgeCollection(model, 'stack', operations, violationIn);
}

function violationIn(stack: Collection, stays: Stays): number | null {
  const calls = callsOf(stack.operations);
  const counts = coverage(calls, stays);
  const [wrong] = wrongEmpties(stack, nextEmptyOf(calls, counts));
  if (wrong !== undefined) return stack.operations.returns[wrong] ?? Infinity;
  return takeApart(calls, counts, stays);
}

/**
 * Takes out one bottom after the other, from the left; null when it can. When no value can lie at the
 * bottom, it is about the last return of those that were pushed early enough which settles that.
 */
function takeApart(calls: Float64Array, counts: Int32Array, stays: Stays): number | null {
  const { insertedFrom, removedFrom, removedTo } = stays;
  const rows = rowsByEnd(stays);
  const ends = Float64Array.from(rows, (row) => stays.insertedTo[row] ?? 0);
  const byCall = orderOf(Float64Array.from(rows, (row) => insertedFrom[row] ?? 0));
  const cover = createCover(counts);
  const latest = createLatest(rows.length);
  const isGone = new Uint8Array(rows.length);
  let called = 0;
  for (let first = 0; first < rows.length;) {
    if (isGone[first] === 1) {
      first++;
      continue;
    }
    const from = ends[first] ?? 0;
    const to = calls[cover.firstFree(firstAfter(calls, from))] ?? Infinity;
    for (; called < rows.length && fromOf(byCall[called] ?? 0) <= from; called++) {
      const place = byCall[called] ?? 0;
      latest.set(place, removedTo[rows[place] ?? 0] ?? 0);
    }
    const bottom = latest.within(first, firstFrom(ends, to));
    const row = rows[bottom] ?? -1;
    const until = removedTo[row] ?? 0;
    if (until < to) return until;
    isGone[bottom] = 1;
    latest.clear(bottom);
    const [start, end] = [ends[bottom] ?? 0, removedFrom[row] ?? 0];
    cover.add(firstAfter(calls, start), firstFrom(calls, end), -1);
  }
  return null;

  function fromOf(place: number): number {
    return insertedFrom[rows[place] ?? 0] ?? 0;
  }
}

/** The values that are certainly there at some moment, by the ends of their pushes. */
function rowsByEnd({ size, insertedTo, removedFrom }: Stays): Uint32Array {
  return orderOf(insertedTo.subarray(0, size)).filter(
    (row) => (insertedTo[row] ?? 0) < (removedFrom[row] ?? 0),
  );
}
