import { type Configuration, type Places, placesIn } from './configuration.ts';
import { privacyOf } from './privacy.ts';
import type { Program } from './program.ts';
import { type Transitions, transitionsOf } from './transitions.ts';
import { wantedValuesOf } from './wanted-values.ts';

export interface PlacedOperation {
  readonly operation: number;
  /** Of the part that it touches, after it. */
  readonly state: number;
}

/** An order under construction, and what a configuration says may come next. */
export interface Order {
  readonly initial: Configuration;
  length(): number;
  isComplete(): boolean;
  /** The longest that it ever was. */
  longest(): readonly PlacedOperation[];
  /** What may come next and the state after it, in turns. */
  movesFrom(configuration: Configuration): readonly number[];
  /** Puts an operation at the end; false when the order can no longer be completed. */
  take(configuration: Configuration, operation: number, state: number): boolean;
  /** Takes all that needs no branching; false when the order can no longer be completed. */
  settle(configuration: Configuration): boolean;
  /** Takes back what led to a dead end. */
  unwindTo(length: number): void;
  describe(state: number): string;
}

export function createOrder(program: Program, lookAhead: boolean): Order {
  const { sessions, operations, model } = program;
  const transitions = transitionsOf(program);
  const places = placesIn(program);
  const wanted = wantedValuesOf(program);
  const privacy = privacyOf(program);
  const order: PlacedOperation[] = [];
  let longest: readonly PlacedOperation[] = [];
  let left = sessions.reduce((sum, { length }) => sum + length, 0);
  const weightOf = (operation: number): number =>
    operations[operation]?.operation.phase === 'info' ? 0 : 1;
  const isReadOnly = operations.map(({ operation }) => model.readOnly?.(operation) === true);

  return {
    initial: new Int32Array(places.size).fill(transitions.initial, places.states),
    length: () => order.length,
    isComplete: () => left === 0,
    longest: () => (order.length > longest.length ? order : longest),
    movesFrom: (configuration) => movesFrom({ program, transitions, places }, configuration),
    take,
    settle(configuration) {
      if (lookAhead && !wanted.possible) return false;
      for (let before = -1; before !== order.length;) {
        before = order.length;
        for (const at of sessions.keys()) if (!settleSession(configuration, at)) return false;
      }
      return true;
    },
    unwindTo(length) {
      if (order.length > Math.max(length, longest.length)) longest = [...order];
      while (order.length > length) {
        const { operation } = order.pop() ?? { operation: 0 };
        wanted.takeBack(operation);
        privacy.count(operation, 1);
        left += weightOf(operation);
      }
    },
    describe: (state) => transitions.describe(state),
  };

  function take(configuration: Configuration, operation: number, state: number): boolean {
    configuration[places.partOf(operation)] = state;
    places.advance(configuration, operation);
    left -= weightOf(operation);
    order.push({ operation, state });
    privacy.count(operation, -1);
    return wanted.place(operation) || !lookAhead;
  }

  function settleSession(configuration: Configuration, at: number): boolean {
    for (;;) {
      const operation = sessions[at]?.[configuration[at] ?? 0];
      if (operation === undefined) return true;
      const own = privacy.isPrivate(operation);
      const now = configuration[places.partOf(operation)] ?? 0;
      const [state, other] = transitions.after(operation, now);
      if (state === undefined && own) return !lookAhead;
      if (state === undefined || other !== undefined) return true;
      if (!own && isReadOnly[operation] !== true) return true;
      if (!take(configuration, operation, state)) return false;
    }
  }
}

interface Rules {
  readonly program: Program;
  readonly transitions: Transitions;
  readonly places: Places;
}

/** The next operation of each session, those that returned first in front, then what crashed. */
function movesFrom(
  { program: { sessions, crashed }, transitions, places }: Rules,
  configuration: Configuration,
): readonly number[] {
  const moves: number[] = [];
  const next = sessions
    .map((session, at) => session[configuration[at] ?? 0])
    .filter((operation) => operation !== undefined)
    .sort((one, other) => one - other);
  const stateOf = (operation: number): number => configuration[places.partOf(operation)] ?? 0;
  for (const operation of next) {
    for (const state of transitions.after(operation, stateOf(operation))) {
      moves.push(operation, state);
    }
  }
  for (const [at, { operation, session, after }] of crashed.entries()) {
    if ((configuration[session] ?? 0) < after || places.used(configuration, at)) continue;
    const now = stateOf(operation);
    for (const state of transitions.after(operation, now)) {
      // One that changes nothing might as well not have happened.
      if (state !== now) moves.push(operation, state);
    }
  }
  return moves;
}
