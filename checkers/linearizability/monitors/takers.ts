import type { Model } from '../../models/model.ts';
import type { CollectionName } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import { type Collection, type Stays, collectionOf } from './collection.ts';
import { firstWrongOf } from './first-wrong.ts';

/**
 * Null when a collection with these stays is linearizable, whatever removals of unknown result did; else
 * a guess at the return from which on it is not.
 */
export type Rule = (collection: Collection, stays: Stays) => number | null;

/** Operations that may be looked at in all to find out what removals of unknown result took. */
const mostWork = 10_000_000;

/**
 * Decides a collection of different values by a rule that knows nothing of removals of unknown result
 * (*takers*); null when the operations are of another kind, or when the answer depends on takers in a
 * way that cannot be told. The rule must be one that a history which follows it also follows when the
 * removal of a value that nobody is known to have removed is called earlier.
 */
export function judgeCollection(
  model: Model,
  object: CollectionName,
  operations: Operations,
  rule: Rule,
): Decider | null {
  const collection = collectionOf(model, object, operations);
  if (collection === null) return null;
  const hasTakers = collection.takers.length > 0;
  const early = hasTakers ? withTakers(collection, rule) : null;
  if (hasTakers && early === null) return null;
  let steps = 0;
  let isValid = true;
  return {
    name: `unique-${object}`,
    steps: () => steps,
    stuck() {
      if (isValid || hasTakers) return null;
      return firstWrongOf(operations, (each) => {
        const prefix = collectionOf(model, object, each);
        return prefix === null ? null : violationIn(prefix, rule);
      });
    },
    run() {
      steps = operations.length;
      isValid = early ?? violationIn(collection, rule) === null;
      return isValid ? 'valid' : 'invalid';
    },
  };
}

function violationIn(collection: Collection, rule: Rule): number | null {
  const [wrong] = collection.wrong;
  if (wrong !== undefined) return collection.operations.returns[wrong] ?? Infinity;
  return rule(collection, collection);
}

/**
 * Each taker may have taken one of the values that nobody else certainly did (*leftovers*), at any time
 * after its call, or none. If the rule holds with none taken, the history is linearizable; if it does not hold
 * even with every leftover taken from the first taker's call on, it is not. Otherwise some have to be
 * taken. Leave as many as the rule allows untaken, one after the other, and let each of the rest be
 * taken as late as the rule allows. If there is a taker for each by then, the history is linearizable.
 * If not, another choice might do better; but by when a leftover has to be taken, though all others are
 * taken from the first taker's call on, it has to be in every linearization. If there is no taker for
 * each by then either, there is none. Between the two, null.
 */
function withTakers(collection: Collection, rule: Rule): boolean | null {
  if (collection.wrong.length > 0) return false;
  const { takers, size, insertedFrom, removedFrom, removedTo } = collection;
  const leftovers: number[] = [];
  for (let row = 0; row < size; row++) if (removedTo[row] === Infinity) leftovers.push(row);
  const takenFrom = Float64Array.from(removedFrom);
  let questionsLeft = Math.ceil(mostWork / collection.operations.length);
  const takeFrom = (row: number, moment: number): void => {
    takenFrom[row] = Math.min(Math.max(moment, insertedFrom[row] ?? 0), removedFrom[row] ?? 0);
  };
  const asked = (): boolean => {
    questionsLeft--;
    return rule(collection, { ...collection, removedFrom: takenFrom }) === null;
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
    takenFrom[row] = removedFrom[row] ?? 0;
    return asked() ? Infinity : latestFor(row);
  });
  return questionsLeft > 0 && !areEnough(takers, necessary) ? false : null;

  /** Leaves all of these untaken that can be, and returns the others. */
  function leaveUntaken(rows: readonly number[]): number[] | null {
    const [only] = rows;
    if (only === undefined) return [];
    if (questionsLeft <= 0) return null;
    for (const row of rows) takenFrom[row] = removedFrom[row] ?? 0;
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
