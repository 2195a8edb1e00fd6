import type { Model, ModelOperation } from '../models/model.ts';
import { valueKey } from '../models/value.ts';
import { type ObjectName, type ObjectView, viewAs } from '../models/view.ts';
import type { Operations } from './operations.ts';
import { scratch } from './scratch.ts';

/**
 * What an operation on a register found there and what it left behind, as numbers: `nothing` for a
 * write, or for a read. One element of a set is a register too, with 0 while it is absent and 1 while
 * it is present. Two operations that exchange the same do the same, as far as both happened.
 */
export interface Exchange {
  readonly found: number;
  readonly left: number;
}

type RegisterLike = Extract<ObjectName, 'register' | 'set'>;

export const nothing = -1;
/** Where nothing was noted. */
const unknown = -2;

/** The number of a value, by its key: equal ones for equal values only. */
export type ValueNumbers = (key: string | number) => number;

/** Whole numbers below stand for themselves; two numbers of values fit into one double. */
const firstOther = 2 ** 25;
const mostNumbers = 2 * firstOther;

export function createValueNumbers(): ValueNumbers {
  const others = new Map<string | number, number>();
  return (key) => {
    if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && key < firstOther)
      return key;
    let number = others.get(key);
    if (number === undefined) others.set(key, (number = firstOther + others.size));
    return number;
  };
}

/**
 * The exchanges of operations that returned, noted when a history is paired. Its events are in the
 * processor's cache then; to come back to a million of them part by part costs more than to decide.
 */
export interface NotedExchanges {
  readonly object: RegisterLike;
  readonly numberOf: ValueNumbers;
  /** `unknown` where nothing was noted. */
  found(at: number): number;
  /** Of an operation whose exchange was noted. */
  left(at: number): number;
}

export interface ExchangeNotes {
  /** Takes the places of the call and the return. */
  note(operation: ModelOperation, call: number, answer: number): void;
  /** For the operations with these calls and returns; undefined where they are on no register. */
  noted(calls: Float64Array, returns: Float64Array): NotedExchanges | undefined;
}

export function createExchangeNotes(model: Model, places: number): ExchangeNotes {
  const numberOf = createValueNumbers();
  /** What was found by the place of a call, what was left by that of its return. */
  let byPlace: Int32Array | null = null;
  let object: RegisterLike | null = null;
  let isOver = model.view === undefined;
  return {
    noted(calls, returns) {
      if (object === null || byPlace === null) return undefined;
      const values = byPlace;
      return {
        object,
        numberOf,
        found: (at) =>
          returns[at] === Infinity ? unknown : (values[calls[at] as number] as number),
        left: (at) => values[returns[at] as number] as number,
      };
    },
    note(operation, call, answer) {
      if (isOver) return;
      const view = model.view?.(operation) ?? null;
      if (view === null) return;
      if (view.object !== 'register' && view.object !== 'set') {
        isOver = true;
        return;
      }
      object ??= view.object;
      if (view.object !== object) return;
      byPlace ??= scratch(places, unknown);
      byPlace[call] = foundBy(view, numberOf);
      byPlace[answer] = leftBy(view, numberOf);
    },
  };
}

/** Goes to one operation after another, in any order. */
export interface ExchangeCursor extends Exchange {
  /** False when the operation is none on the object. */
  goTo(at: number): boolean;
  readonly numberOf: ValueNumbers;
}

export function createExchangeCursor(
  model: Model,
  object: RegisterLike,
  operations: Operations,
): ExchangeCursor {
  const noted = operations.exchanges?.object === object ? operations.exchanges : undefined;
  const numberOf = noted?.numberOf ?? createValueNumbers();
  const cursor = {
    found: nothing,
    left: nothing,
    numberOf,
    goTo(at: number): boolean {
      const found = noted === undefined ? unknown : noted.found(at);
      if (noted !== undefined && found !== unknown) {
        cursor.found = found;
        cursor.left = noted.left(at);
        return true;
      }
      const view = viewAs(model, object, operations.operation(at));
      if (view === null) return false;
      cursor.found = foundBy(view, numberOf);
      cursor.left = leftBy(view, numberOf);
      return true;
    },
  };
  return cursor;
}

/** One number for the whole exchange of an operation that was noted, else null. */
export function exchangeNumber({ exchanges }: Operations, at: number): number | null {
  const found = exchanges === undefined ? unknown : exchanges.found(at);
  if (exchanges === undefined || found === unknown) return null;
  return (found + 1) * mostNumbers + exchanges.left(at) + 1;
}

/** Those at some places, in that order. */
export function selectExchanges(noted: NotedExchanges, places: ArrayLike<number>): NotedExchanges {
  return {
    ...noted,
    found: (at) => noted.found(places[at] as number),
    left: (at) => noted.left(places[at] as number),
  };
}

type RegisterLikeView = Extract<ObjectView, { readonly object: RegisterLike }>;

function foundBy(view: RegisterLikeView, numberOf: ValueNumbers): number {
  switch (view.kind) {
    case 'read':
      return numberOf(valueKey(view.value));
    case 'cas':
      return numberOf(valueKey(view.from));
    case 'contains':
      return view.present ? 1 : 0;
    case 'write':
    case 'add':
    case 'remove':
      return nothing;
  }
}

function leftBy(view: RegisterLikeView, numberOf: ValueNumbers): number {
  switch (view.kind) {
    case 'write':
      return numberOf(valueKey(view.value));
    case 'cas':
      return numberOf(valueKey(view.to));
    case 'add':
      return 1;
    case 'remove':
      return 0;
    case 'read':
    case 'contains':
      return nothing;
  }
}
