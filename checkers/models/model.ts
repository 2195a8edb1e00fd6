import type { Key, OpName } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import type { ObjectView } from './view.ts';

/**
 * One operation as a sequential object sees it: what was asked, and what is known of the answer.
 * - `ok`: it happened, with `output`.
 * - `info`: it may have happened, with an output nobody saw. A model answers with every state it may
 *   leave behind and never with none: one that could not have had an effect leaves the state alone.
 * - `fail`: it found the object in a state in which it had to fail. Only a failed `cas` gets here, and
 *   only when the checker was told that failures are assertions.
 */
export interface ModelOperation {
  /** Who did it, for objects that care: one that crashed never comes back under the same number. */
  readonly process: number;
  readonly op: OpName;
  readonly key: Key | null;
  readonly input: Json;
  readonly output: Json;
  readonly phase: 'ok' | 'fail' | 'info';
}

/**
 * A sequential object, after `Model` and `NondeterministicModel` of Porcupine 1.3.0 (MIT, © Anish
 * Athalye and contributors). `step` is pure. The hooks below `partition` are optional: without them
 * every answer stays the same and only takes longer, and `brute-force.ts`, which knows none of them,
 * is their twin in the tests.
 */
export interface Model<State = unknown> {
  readonly name: string;
  /** One sentence for `dtest list`. */
  readonly summary: string;
  readonly operations: readonly OpName[];
  readonly init: State;
  /** Where this model came from, so that a worker thread can make it again; absent for a custom one. */
  readonly origin?: ModelOrigin;
  /** All states the operation may lead to; none means that it cannot happen here with this output. */
  step(state: State, operation: ModelOperation): readonly State[];
  /** The same for equal states and different for others. */
  stateKey(state: State): string | number;
  /**
   * Names the independent part of the object that the operation touches, null for the whole. The
   * history is linearizable exactly when each part is (Herlihy and Wing 1990, theorem 1, and Horn and
   * Kroening 2015, "Faster linearizability checking via P-compositionality").
   */
  partition(operation: ModelOperation): string | null;
  /** True when the operation leaves every state as it is, whatever its output. */
  readOnly?(operation: ModelOperation): boolean;
  /** True when the operation is possible in every state and leads to the same states from each. */
  blind?(operation: ModelOperation): boolean;
  /**
   * The one state in which the operation is possible, or null where there may be others; so a read's
   * answer. It spares asking `step` about all others.
   */
  onlyFrom?(operation: ModelOperation): { readonly state: State } | null;
  /** The same text for operations with the same `step` wherever both have an effect. */
  effect?(operation: ModelOperation): string;
  /** Marks unknown operations that can be left out, because nobody could tell whether they happened. */
  unobservable?(operations: readonly ModelOperation[]): readonly boolean[];
  /**
   * Ties operations together for shrinking: a linearizable history stays so without all operations
   * of some tokens, as long as those with a token in common go together. Null when it must stay.
   */
  tokens?(operation: ModelOperation): readonly string[] | null;
  /**
   * The operation as one on an object that there are special algorithms and explanations for; null when
   * it is none. What it says of one operation must not depend on the others.
   */
  view?(operation: ModelOperation): ObjectView | null;
  describeOperation(operation: ModelOperation): string;
  describeState(state: State): string;
}

/** What a registered model was made from. */
export interface ModelOrigin {
  readonly name: string;
  readonly init?: Json;
}

/** Settings of a registered model. `init` is the initial value, in the form that the model documents. */
export interface ModelOptions {
  readonly init?: Json;
}

/** A model as it stands in the index. */
export interface ModelEntry {
  readonly name: string;
  readonly summary: string;
  readonly operations: readonly OpName[];
  /** Throws when `init` is not what the model documents. */
  readonly create: (options?: ModelOptions) => Model;
}

/** Makes a model from its initial value, undefined being the default, and the name it goes by. */
export type ModelMaker<State> = (init: Json | undefined, name: string) => Model<State>;

/** Wraps a model's maker, so that what it makes knows its origin. */
export function modelEntry<State>(name: string, make: ModelMaker<State>): ModelEntry {
  const { summary, operations } = make(undefined, name);
  return {
    name,
    summary,
    operations,
    create: ({ init } = {}) => {
      const origin = init === undefined ? { name } : { name, init };
      return { ...(make(init, name) as Model), origin };
    },
  };
}
