import type { Decider } from '../decider.ts';
import type { Collection, Stays } from './collection.ts';

/** Whether a collection with these stays is linearizable, whatever removals of unknown result did. */
export type Holds = (collection: Collection, stays: Stays) => boolean;

/** Operations that may be looked at in all to find out what removals of unknown result took. */
const mostWork = 10_000_000;

/**
 * Decides a collection by a rule that knows nothing of removals of unknown result (*takers*); null
 * when the answer depends on them in a way that cannot be told. The rule must be one that a history
 * which follows it also follows when the removal of a value that nobody is known to have removed is
 * called earlier.
 */
export function judgeCollection(
  name: string,
  collection: Collection,
  holds: Holds,
): Decider | null {
  const early = collection.takers.length === 0 ? null : withTakers(collection, holds);
  if (collection.takers.length > 0 && early === null) return null;
  let steps = 0;
  return {
    name,
    get steps() {
      return steps;
    },
    stuck: () => null,
    run() {
      steps = collection.operations.length;
      return (early ?? follows(collection, holds)) ? 'valid' : 'invalid';
    },
  };
}

function follows(collection: Collection, holds: Holds): boolean {
  return collection.wrong.length === 0 && holds(collection, collection);
}

/**
 * Each taker may have taken one of the values that nobody else did (*leftovers*), at any time after its
 * call, or none. If the rule holds with none taken, the history is linearizable; if it does not hold
 * even with every leftover taken from the first taker's call on, it is not. Otherwise some have to be
 * taken. Leave as many as the rule allows untaken, one after the other, and let each of the rest be
 * taken as late as the rule allows. If there is a taker for each by then, the history is linearizable.
 * If not, another choice might do better; but by when a leftover has to be taken, though all others are
 * taken from the first taker's call on, it has to be in every linearization. If there is no taker for
 * each by then either, there is none. Between the two, null.
 */
function withTakers(collection: Collection, holds: Holds): boolean | null {
  if (collection.wrong.length > 0) return false;
  const { takers, removals, size, insertedFrom } = collection;
  const leftovers: number[] = [];
  for (let row = 0; row < size; row++) if (removals[row] === -1) leftovers.push(row);
  const takenFrom = Float64Array.from(collection.removedFrom);
  let questionsLeft = Math.ceil(mostWork / collection.operations.length);
  const takeFrom = (row: number, moment: number): void => {
    takenFrom[row] = Math.max(moment, insertedFrom[row] ?? 0);
  };
  const asked = (): boolean => {
    questionsLeft--;
    return holds(collection, { ...collection, removedFrom: takenFrom });
  };
  if (asked()) return true;
  const [firstTaker = Infinity] = takers;
  for (const row of leftovers) takeFrom(row, firstTaker);
  if (!asked()) return false;

  const needed = leaveUntaken(leftovers);
  if (needed === null) return null;
  if (areEnough(takers, needed.map(latestFor))) return true;
  const necessary = needed.map((row) => {
    for (const other of leftovers) takeFrom(other, firstTaker);
    takenFrom[row] = Infinity;
    return asked() ? Infinity : latestFor(row);
  });
  return questionsLeft > 0 && !areEnough(takers, necessary) ? false : null;

  /** Leaves all of these untaken that can be, and returns the others. */
  function leaveUntaken(rows: readonly number[]): number[] | null {
    const [only] = rows;
    if (only === undefined) return [];
    if (questionsLeft <= 0) return null;
    for (const row of rows) takenFrom[row] = Infinity;
    if (asked()) return [];
    for (const row of rows) takeFrom(row, firstTaker);
    if (rows.length === 1) return [only];
    const middle = rows.length >> 1;
    // The later ones are more likely to be there still.
    const later = leaveUntaken(rows.slice(middle));
    const earlier = leaveUntaken(rows.slice(0, middle));
    return later === null || earlier === null ? null : [...earlier, ...later];
  }

  /** The latest call of a taker that a value can be left to, which it then is. */
  function latestFor(row: number): number {
    let low = 0;
    for (let high = takers.length - 1; low < high && questionsLeft > 0;) {
      const middle = (low + high + 1) >> 1;
      takeFrom(row, takers[middle] ?? 0);
      if (asked()) low = middle;
      else high = middle - 1;
    }
    const latest = takers[low] ?? 0;
    takeFrom(row, latest);
    return latest;
  }
}

/** Whether there is a taker of its own, called by then, for each deadline (Hall's theorem). */
function areEnough(takers: Float64Array, deadlines: readonly number[]): boolean {
  const sorted = [...deadlines].sort((one, other) => (one < other ? -1 : 1));
  return sorted.every((deadline, place) => (takers[place] ?? Infinity) <= deadline);
}
