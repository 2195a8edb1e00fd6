import type { Model } from '../../models/model.ts';
import type { Work } from './ground.ts';
import { createMemo } from './memo.ts';
import type { OperationClasses } from './operation-classes.ts';

/** The answer of `Transitions.next` where an operation cannot happen. */
export const impossible = -1;

/**
 * A model as a table over small integers. States get numbers as they turn up; that an operation leads
 * from one state to another is asked of the model once and remembered, in a table of bounded size.
 */
export interface Transitions {
  /** Where every history starts. */
  readonly initial: number;
  /** States known so far. */
  states(): number;
  /** Memory in use, about. */
  bytes(): number;
  /** The state after an operation, `impossible`, or a number that stands for `several`. */
  readonly next: (state: number, operationClass: number) => number;
  /** The states that a number below `impossible` stands for. */
  several(next: number): readonly number[];
  /** The number of a state. */
  readonly numberOf: (state: unknown) => number;
  stateAt(number: number): unknown;
}

/** A state with its key in a map, beside the characters of the key. */
const bytesOfState = 120;

export function createTransitions(
  model: Model,
  classes: OperationClasses,
  work: Work,
): Transitions {
  const states: unknown[] = [];
  const numbers = new Map<string | number, number>();
  const severals: (readonly number[])[] = [];
  const severalNumbers = new Map<string, number>();
  let stateBytes = 0;

  const numberOf = (state: unknown): number => {
    const key = model.stateKey(state);
    let number = numbers.get(key);
    if (number === undefined) {
      number = states.push(state) - 1;
      numbers.set(key, number);
      stateBytes += bytesOfState + (typeof key === 'string' ? 2 * key.length : 0);
    }
    return number;
  };

  const ask = (state: number, operationClass: number): number => {
    work.steps++;
    const results = model.step(states[state], classes.exampleOf(operationClass));
    if (results.length === 0) return impossible;
    if (results.length === 1) return numberOf(results[0]);
    const all = [...new Set(results.map(numberOf))];
    if (all.length === 1) return all[0] as number;
    const name = all.join();
    let number = severalNumbers.get(name);
    if (number === undefined) {
      number = impossible - severals.push(all);
      severalNumbers.set(name, number);
    }
    return number;
  };

  /** By class: the only state it is possible in, `impossible` for several, undefined if not asked. */
  const onlyFrom: number[] = [];
  const findOnly = (operationClass: number): number => {
    const only = model.onlyFrom?.(classes.exampleOf(operationClass)) ?? null;
    return (onlyFrom[operationClass] = only === null ? impossible : numberOf(only.state));
  };

  const initial = numberOf(model.init);
  const memo = createMemo(ask);
  return {
    initial,
    states: () => states.length,
    bytes: () => stateBytes + memo.bytes(),
    next(state, operationClass) {
      const only = onlyFrom[operationClass] ?? findOnly(operationClass);
      return only !== impossible && only !== state ? impossible : memo.look(state, operationClass);
    },
    several: (next) => severals[impossible - 1 - next] ?? [],
    numberOf,
    stateAt: (number) => states[number],
  };
}
