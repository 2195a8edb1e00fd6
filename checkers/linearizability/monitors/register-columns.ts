import type { Model } from '../../models/model.ts';
import { createExchangeCursor, nothing } from '../exchanges.ts';
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
  const exchange = createExchangeCursor(model, 'register', operations);
  const initial = exchange.numberOf(model.stateKey(model.init));
  const numbers = new Map<number, number>([[initial, 0]]);
  const observed = new Int32Array(operations.length).fill(-1);
  const produced = new Int32Array(operations.length).fill(-1);
  // Each operation names two values at most.
  const producers = new Int32Array(2 * operations.length + 1).fill(-1);
  const isObserved = new Uint8Array(producers.length);
  const isAmbiguous = new Uint8Array(producers.length);
  let values = 1;
  const numberOf = (value: number): number => {
    let number = numbers.get(value);
    if (number === undefined) numbers.set(value, (number = values++));
    return number;
  };
  for (let at = 0; at < operations.length; at++) {
    if (!exchange.goTo(at)) return null;
    if (exchange.found !== nothing) {
      const value = numberOf(exchange.found);
      if (isAmbiguous[value] === 1) return null;
      isObserved[value] = 1;
      observed[at] = value;
    }
    if (exchange.left === nothing) continue;
    let value = numberOf(exchange.left);
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
