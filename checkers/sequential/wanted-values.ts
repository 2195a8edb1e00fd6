import type { Program } from './program.ts';
import { valueKey } from '../models/value.ts';
import { viewAs } from '../models/view.ts';

/**
 * Follows an order that is being built, and tells when it has become hopeless: a register was
 * overwritten although somebody has yet to find its value there, and nobody can write it again. Exact,
 * because nothing but an operation that gives a value can bring it back.
 */
export interface WantedValues {
  /** False when some value is wanted that nobody ever gives. */
  readonly possible: boolean;
  /** Takes the next operation of the order; false when nothing can come of it. */
  place(operation: number): boolean;
  /** Takes the last operation back. */
  takeBack(operation: number): void;
}

const none = -1;

export function wantedValuesOf(program: Program): WantedValues {
  const numbers = new Map<string, number>();
  const numberOf = (part: number, value: string | number): number => {
    const name = `${part}/${typeof value}/${value}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  const { gives, wants, current } = flowOf(program, numberOf);
  const wantedBy = new Int32Array(numbers.size);
  const givenBy = new Int32Array(numbers.size);
  program.operations.forEach(({ operation }, at) => {
    const [given = none, wanted = none] = [gives[at], wants[at]];
    if (given !== none) givenBy[given] = (givenBy[given] ?? 0) + 1;
    if (wanted !== none && operation.phase === 'ok') wantedBy[wanted] = (wantedBy[wanted] ?? 0) + 1;
  });
  const initial = new Set(current);
  const possible = [...wantedBy.keys()].every(
    (value) => wantedBy[value] === 0 || givenBy[value] !== 0 || initial.has(value),
  );
  const overwritten: number[] = [];
  const count = (operation: number, by: 1 | -1): void => {
    const [given = none, wanted = none] = [gives[operation], wants[operation]];
    if (given !== none) givenBy[given] = (givenBy[given] ?? 0) + by;
    if (wanted === none || program.operations[operation]?.operation.phase !== 'ok') return;
    wantedBy[wanted] = (wantedBy[wanted] ?? 0) + by;
  };
  return {
    possible,
    place(operation) {
      count(operation, -1);
      const { part = 0 } = program.operations[operation] ?? {};
      const [given = none, before = none] = [gives[operation], current[part]];
      overwritten.push(before);
      if (given === none || given === before) return true;
      current[part] = given;
      return before === none || wantedBy[before] === 0 || givenBy[before] !== 0;
    },
    takeBack(operation) {
      count(operation, 1);
      const { part = 0 } = program.operations[operation] ?? {};
      current[part] = overwritten.pop() ?? none;
    },
  };
}

interface Flow {
  /** The value that an operation leaves behind, and the one that it must find; -1 for neither. */
  readonly gives: Int32Array;
  readonly wants: Int32Array;
  /** What each part holds; -1 for a part that is no register. */
  readonly current: Int32Array;
}

type NumberOf = (part: number, value: string | number) => number;

/** A part is taken as a register if all its operations are operations on one. */
function flowOf({ model, parts, operations }: Program, numberOf: NumberOf): Flow {
  const gives = new Int32Array(operations.length).fill(none);
  const wants = new Int32Array(operations.length).fill(none);
  const current = new Int32Array(parts.length).fill(none);
  const views = operations.map(({ operation }) => viewAs(model, 'register', operation));
  const strange = new Set(operations.filter((_, at) => views[at] === null).map(({ part }) => part));
  for (const part of current.keys()) {
    if (!strange.has(part)) current[part] = numberOf(part, model.stateKey(model.init));
  }
  operations.forEach(({ part }, at) => {
    const view = views[at];
    if (strange.has(part) || view === null || view === undefined) return;
    if (view.kind === 'read') wants[at] = numberOf(part, valueKey(view.value));
    if (view.kind === 'write') gives[at] = numberOf(part, valueKey(view.value));
    if (view.kind !== 'cas') return;
    wants[at] = numberOf(part, valueKey(view.from));
    gives[at] = numberOf(part, valueKey(view.to));
  });
  return { gives, wants, current };
}
