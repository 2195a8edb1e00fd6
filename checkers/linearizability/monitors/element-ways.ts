import type { Operations } from '../operations.ts';
import { type ElementUses, type Way, createOpenChanges } from './open-changes.ts';
import type { Visitor } from './sweep.ts';

export interface Ways extends Visitor {
  /** Ways looked at, at all returns together. */
  steps(): number;
}

/**
 * Follows all ways in which an element may have come and gone that need to be told apart. Take any
 * linearization, and let each change of the element wait until the first of these: an operation that
 * has its moment only by this change returns; the operation that makes the change returns; or the next
 * change comes up. In the last case the element is for a single moment as it is not before and after;
 * let the two changes wait together for what either of them waits for. (Should a third one come up, it
 * does what the two do, and they can be left out.) So changes are made only when some operation returns:
 * - one that wants the element as it is not, and has not found it so since its call: it must change;
 * - one that would change it and has not been used: it may do so now, for the last time;
 * - one that would leave it as it is and has not been used: it may serve to change it back, after a look
 *   at the other that someone waits for.
 * Of the open operations that can make a change the one that returns first makes it, crashed ones last:
 * in any linearization it can trade places with another that does, for both are open then.
 *
 * A way is dropped when another with the same element has used no others, and leaves nobody waiting that
 * it does not. What is done up to some return depends on nothing that comes later, so the operation at
 * which no way is left is the first whose return cannot be passed.
 */
export function createWays(operations: Operations, uses: ElementUses): Ways {
  const changes = createOpenChanges(operations, uses);
  const { calls, returns } = operations;
  const { bits } = changes;
  const { wants } = uses;
  let steps = 0;
  let ways: Way[] = [
    { isThere: false, lastOther: -Infinity, used: 0, usedAdditions: 0, usedRemovals: 0 },
  ];

  /** Whether an operation finds the element as it wants it, and cannot be of use to one that waits. */
  const isContent = (way: Way, at: number): boolean =>
    way.isThere === (wants[at] === 1) &&
    (((bits[at] as number) & ~way.used) === 0 || !changes.someoneWaits(way));

  /** Adds the ways in which one can go on past the return of an operation that is not content. */
  const goPast = (way: Way, at: number, next: Way[]): void => {
    const now = returns[at] as number;
    const bit = bits[at] as number;
    const isUnused = (bit & ~way.used) !== 0;
    if (way.isThere === (wants[at] === 1)) {
      next.push(way);
      const other = changes.changed(way, now);
      const back = other === null ? null : changes.changed(other, now, at);
      if (back !== null) next.push(back);
      return;
    }
    const isServed = way.lastOther >= (calls[at] as number) || (bit & way.used) !== 0;
    if (isServed) next.push(way);
    if (isServed && !isUnused) return;
    const other = isUnused ? changes.changed(way, now, at) : changes.changed(way, now);
    if (other !== null) next.push(other);
  };

  /** Where nobody waits, it is as if the element had just been otherwise. */
  const settled = (way: Way, kept: number, now: number): Way => {
    const { isThere, usedAdditions, usedRemovals } = way;
    const lastOther = changes.someoneWaits(way) ? way.lastOther : now;
    return { isThere, lastOther, used: way.used & kept, usedAdditions, usedRemovals };
  };

  return {
    steps: () => steps,
    called: (at) => changes.called(at),
    returned(at) {
      const next: Way[] = [];
      for (const way of ways) {
        if (isContent(way, at)) next.push(way);
        else goPast(way, at, next);
      }
      steps += ways.length;
      const kept = changes.returned(at);
      const areSeveral = next.length > 1;
      for (let place = 0; place < next.length; place++) {
        const way = next[place] as Way;
        // One way alone is compared with none, so it only has to forget who is gone.
        if (areSeveral || (way.used & ~kept) !== 0) {
          next[place] = settled(way, kept, returns[at] as number);
        }
      }
      ways = areSeveral ? withoutDominated(next) : next;
      return ways.length > 0;
    },
  };
}

function withoutDominated(ways: readonly Way[]): Way[] {
  const kept: Way[] = [];
  for (const way of ways) {
    if (kept.some((other) => dominates(other, way))) continue;
    for (let at = kept.length - 1; at >= 0; at--) {
      if (dominates(way, kept[at] as Way)) kept.splice(at, 1);
    }
    kept.push(way);
  }
  return kept;
}

function dominates(one: Way, other: Way): boolean {
  return (
    one.isThere === other.isThere &&
    one.lastOther >= other.lastOther &&
    (one.used & ~other.used) === 0 &&
    one.usedAdditions <= other.usedAdditions &&
    one.usedRemovals <= other.usedRemovals
  );
}
