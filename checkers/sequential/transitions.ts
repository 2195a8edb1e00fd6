import type { Program } from './program.ts';

/** The states that operations lead to, as numbers; every part of the object shares them. */
export interface Transitions {
  readonly initial: number;
  /** The states after an operation of the program; it must not be changed. */
  after(operation: number, state: number): readonly number[];
  describe(state: number): string;
}

export function transitionsOf({ model, operations }: Program): Transitions {
  const states: unknown[] = [];
  const numbers = new Map<string | number, number>();
  const known = operations.map(() => new Map<number, readonly number[]>());
  const numberOf = (state: unknown): number => {
    const key = model.stateKey(state);
    const number = numbers.get(key);
    if (number !== undefined) return number;
    numbers.set(key, states.length);
    return states.push(state) - 1;
  };
  return {
    initial: numberOf(model.init),
    after(operation, state) {
      const cached = known[operation]?.get(state);
      if (cached !== undefined) return cached;
      const step = operations[operation];
      if (step === undefined) throw new Error(`expected an operation, got number ${operation}`);
      const next = [...new Set(model.step(states[state], step.operation).map(numberOf))];
      known[operation]?.set(state, next);
      return next;
    },
    describe: (state) => model.describeState(states[state]),
  };
}
