import type { Model } from '../../models/model.ts';
import type { Work } from './ground.ts';
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
  readonly states: number;
  /** Memory in use, about. */
  readonly bytes: number;
  /** The state after an operation, `impossible`, or a number that stands for `several`. */
  next(state: number, operationClass: number): number;
  /** The states that a number below `impossible` stands for. */
  several(next: number): readonly number[];
  /** The number of a state. */
  numberOf(state: unknown): number;
  stateAt(number: number): unknown;
}

const firstCapacity = 256;
const mostCapacity = 1 << 19;
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

  const initial = numberOf(model.init);
  const table = createMemo(ask);
  return {
    initial,
    get states() {
      return states.length;
    },
    get bytes() {
      return stateBytes + table.bytes;
    },
    next: table.look,
    several: (next) => severals[impossible - 1 - next] ?? [],
    numberOf,
    stateAt: (number) => states[number],
  };
}

interface Memo {
  readonly bytes: number;
  look(state: number, operationClass: number): number;
}

/**
 * Remembers answers in a direct-mapped cache: each question has one place, where the last question that
 * belongs there stands with its answer. It doubles as long as many questions find their place taken.
 */
function createMemo(ask: (state: number, operationClass: number) => number): Memo {
  let capacity = firstCapacity;
  // A question is its state and its class, one above what they are, so that zero is no question.
  let entries = new Int32Array(3 * capacity);
  let misses = 0;
  return {
    get bytes() {
      return entries.byteLength;
    },
    look(state, operationClass) {
      const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(operationClass, 0x85ebca6b);
      const place = 3 * ((hash ^ (hash >>> 15)) & (capacity - 1));
      if (entries[place] === state + 1 && entries[place + 1] === operationClass) {
        return entries[place + 2] as number;
      }
      const answer = ask(state, operationClass);
      if (++misses > capacity && capacity < mostCapacity) {
        capacity *= 2;
        entries = new Int32Array(3 * capacity);
        misses = 0;
        return answer;
      }
      entries[place] = state + 1;
      entries[place + 1] = operationClass;
      entries[place + 2] = answer;
      return answer;
    },
  };
}
