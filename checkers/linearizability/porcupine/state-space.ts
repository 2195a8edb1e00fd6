import type { Model, ModelOperation } from '../../models/model.ts';

/** The states of a model as small integers, so that comparing two is comparing two numbers. */
export interface StateSpace {
  /** Where every history starts. */
  readonly initial: number;
  /** The state after an operation, or -1 when the operation cannot happen there. */
  next(from: number, operation: ModelOperation): number;
  describe(state: number): string;
  /** What it costs to remember the states so far, in steps of about the same memory. */
  cost(): number;
}

/** A state costs as much memory as so many steps, and a step more for so many characters of its key. */
const stepsOfState = 10;
const charactersOfStep = 16;

/**
 * Gives numbers to states as they turn up. A model that may go to several states at once is made
 * deterministic by the power-set construction, as `NondeterministicModel.ToModel` in Porcupine 1.3.0
 * does: a number then stands for the set of all states the object may be in.
 */
export function stateSpaceOf<State>(model: Model<State>): StateSpace {
  const members: (readonly State[])[] = [];
  const single = new Map<string | number, number>();
  const several = new Map<string, number>();
  let cost = 0;
  const numbered = (states: readonly State[], key: string | number | null): number => {
    const number = members.push(states) - 1;
    cost += stepsOfState;
    if (typeof key === 'string') cost += Math.floor(key.length / charactersOfStep);
    if (key !== null) single.set(key, number);
    return number;
  };
  const numberOfOne = (state: State): number => {
    const key = model.stateKey(state);
    return single.get(key) ?? numbered([state], key);
  };
  const numberOfSet = (states: readonly State[]): number => {
    const [only] = states;
    if (only === undefined) return -1;
    const byNumber = new Map(states.map((state) => [numberOfOne(state), state]));
    if (byNumber.size === 1) return numberOfOne(only);
    const key = [...byNumber.keys()].sort((one, other) => one - other).join();
    let number = several.get(key);
    if (number === undefined) several.set(key, (number = numbered([...byNumber.values()], null)));
    return number;
  };
  return {
    cost: () => cost,
    initial: numberOfOne(model.init),
    next: (from, operation) => {
      const states = members[from] ?? [];
      if (states.length > 1) {
        return numberOfSet(states.flatMap((state) => model.step(state, operation)));
      }
      const results = model.step(states[0] as State, operation);
      if (results.length > 1) return numberOfSet(results);
      return results.length === 0 ? -1 : numberOfOne(results[0] as State);
    },
    describe: (state) => {
      const words = (members[state] ?? []).map((each) => model.describeState(each));
      return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(' | ')}`;
    },
  };
}
