import type { Json } from '../../../core/json.ts';
import type { Model } from '../../models/model.ts';
import { valueKey } from '../../models/value.ts';
import { viewAs } from '../../models/view.ts';
import type { Operations } from '../operations.ts';

/**
 * The operations on a register, with numbers for its values: 0 the initial one, the others in order of
 * appearance. A value that is written again, or is the initial one, gets a new number each time.
 */
export interface RegisterColumns {
  readonly operations: Operations;
  /** What a read returned or a cas expected; -1 for a write. */
  readonly observed: Int32Array;
  /** What a write or cas left behind; -1 for a read. */
  readonly produced: Int32Array;
  /** The operation that wrote each value; -1 for the initial one and for those nobody wrote. */
  readonly producers: Int32Array;
  readonly values: number;
}

/** Null when some operation is none on a register, or a value that someone observed was written twice. */
export function registerColumns(model: Model, operations: Operations): RegisterColumns | null {
  const numbers = new Map<string | number, number>([[model.stateKey(model.init), 0]]);
  const observed = new Int32Array(operations.length).fill(-1);
  const produced = new Int32Array(operations.length).fill(-1);
  // Each operation names two values at most.
  const producers = new Int32Array(2 * operations.length + 1).fill(-1);
  const isObserved = new Uint8Array(producers.length);
  const isAmbiguous = new Uint8Array(producers.length);
  let values = 1;
  const numberOf = (value: Json): number => {
    const key = valueKey(value);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = values++));
    return number;
  };
  for (let at = 0; at < operations.length; at++) {
    const view = viewAs(model, 'register', operations.operation(at));
    if (view === null) return null;
    if (view.kind !== 'write') {
      const value = numberOf(view.kind === 'read' ? view.value : view.from);
      if (isAmbiguous[value] === 1) return null;
      isObserved[value] = 1;
      observed[at] = value;
    }
    if (view.kind === 'read') continue;
    let value = numberOf(view.kind === 'write' ? view.value : view.to);
    if (value === 0 || producers[value] !== -1) {
      if (isObserved[value] === 1) return null;
      isAmbiguous[value] = 1;
      value = values++;
    }
    producers[value] = at;
    produced[at] = value;
  }
  return { operations, observed, produced, producers, values };
}
