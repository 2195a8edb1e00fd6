import type { Model } from '../../models/model.ts';
import { valueKey } from '../../models/value.ts';
import { type CollectionName, viewAs } from '../../models/view.ts';
import type { Operations } from '../operations.ts';

/**
 * The operations on a collection whose inserted values are all different, as columns: a row for each
 * value that was certainly inserted, in order of the calls. A value comes before it goes, so an
 * insertion need not end after the removal does, nor a removal begin before the insertion does; the
 * intervals are cut like that. A removal that may not have happened is open to the right, and the
 * removal of a value that nobody is known to have removed is at infinity.
 *
 * A crashed insertion happened exactly when its value is known to have been removed; any other can be
 * left out, with the removal of unknown result that may have taken it.
 */
export interface Collection extends Stays {
  readonly operations: Operations;
  /** The operations that inserted each value, and that removed it or may have; -1 for none. */
  readonly insertions: Int32Array;
  readonly removals: Int32Array;
  /** Removals that found nothing. */
  readonly empties: readonly number[];
  /** When removals of unknown result were called, in ascending order. */
  readonly takers: Float64Array;
  /** Removals of what was never inserted, was inserted later, or had been removed before. */
  readonly wrong: readonly number[];
  /** Whether some removals of known result may not have happened. */
  readonly hasOptional: boolean;
  /** Whether some value has several removals; then later returns settle which of them happened. */
  readonly isContested: boolean;
}

/** From when to when each value may have come, and gone. */
export interface Stays {
  readonly size: number;
  readonly insertedFrom: Float64Array;
  readonly insertedTo: Float64Array;
  readonly removedFrom: Float64Array;
  readonly removedTo: Float64Array;
}

/** Null when some operation is none on such a collection, or a value is inserted twice. */
export function collectionOf(
  model: Model,
  object: CollectionName,
  operations: Operations,
): Collection | null {
  const insertions = insertionsOf(model, object, operations);
  if (insertions === null) return null;
  // By the place of the insertion.
  const removalOf = new Int32Array(operations.length).fill(-1);
  const empties: number[] = [];
  const takers: number[] = [];
  const wrong: number[] = [];
  let hasOptional = false;
  let isContested = false;
  for (let at = 0; at < operations.length; at++) {
    const view = viewAs(model, object, operations.operation(at));
    if (view?.kind === 'take') takers.push(operations.calls[at] as number);
    if (view?.kind === 'empty') empties.push(at);
    if (view?.kind !== 'remove') continue;
    if (operations.returns[at] === Infinity) hasOptional = true;
    const insertion = insertions.get(valueKey(view.value)) ?? -1;
    const other = removalOf[insertion] ?? -1;
    if (insertion === -1) wrong.push(at);
    else if (other === -1) removalOf[insertion] = at;
    else {
      isContested = true;
      const [first, second] = inTurn(operations, other, at);
      removalOf[insertion] = first;
      wrong.push(second);
    }
  }
  const { early, ...columns } = columnsOf(operations, insertions, removalOf);
  const certain = (at: number): boolean => operations.returns[at] !== Infinity;
  return {
    ...columns,
    operations,
    empties: empties.filter(certain),
    takers: Float64Array.from(takers).sort(),
    wrong: [...wrong, ...early].filter(certain),
    hasOptional,
    isContested,
  };
}

/** The operation that inserted each value; null when there is not exactly one for each. */
function insertionsOf(
  model: Model,
  object: CollectionName,
  operations: Operations,
): ReadonlyMap<string | number, number> | null {
  const insertions = new Map<string | number, number>();
  for (let at = 0; at < operations.length; at++) {
    const view = viewAs(model, object, operations.operation(at));
    if (view === null) return null;
    if (view.kind !== 'insert') continue;
    const key = valueKey(view.value);
    if (insertions.has(key)) return null;
    insertions.set(key, at);
  }
  return insertions;
}

/** Of two removals of one value, first the one that happened, as far as is known. */
function inTurn(operations: Operations, one: number, other: number): readonly [number, number] {
  const { calls, returns } = operations;
  const [first, second] = [returns[one] as number, returns[other] as number];
  const isInTurn =
    first === second ? (calls[one] as number) <= (calls[other] as number) : first < second;
  return isInTurn ? [one, other] : [other, one];
}

interface Columns extends Stays {
  readonly insertions: Int32Array;
  readonly removals: Int32Array;
  /** Removals that returned before the insertion was called. */
  readonly early: readonly number[];
}

function columnsOf(
  operations: Operations,
  insertions: ReadonlyMap<string | number, number>,
  removalOf: Int32Array,
): Columns {
  const column = (): Float64Array => new Float64Array(insertions.size);
  const [insertedFrom, insertedTo, removedFrom, removedTo] = [
    column(),
    column(),
    column(),
    column(),
  ];
  const inserted = new Int32Array(insertions.size);
  const removals = new Int32Array(insertions.size);
  const early: number[] = [];
  let size = 0;
  for (const insertion of insertions.values()) {
    const removal = removalOf[insertion] ?? -1;
    const calledAt = operations.calls[insertion] as number;
    const returnedAt = operations.returns[insertion] as number;
    const to = operations.returns[removal] ?? Infinity;
    if (to < calledAt) early.push(removal);
    // Not certainly inserted: by its own return, or by that of the removal.
    if (to < calledAt || (returnedAt === Infinity && to === Infinity)) continue;
    insertedFrom[size] = calledAt;
    insertedTo[size] = Math.min(returnedAt, to);
    removedFrom[size] = Math.max(calledAt, operations.calls[removal] ?? Infinity);
    removedTo[size] = to;
    inserted[size] = insertion;
    removals[size] = removal;
    size++;
  }
  const stays = { size, insertedFrom, insertedTo, removedFrom, removedTo };
  return { ...stays, insertions: inserted, removals, early };
}
