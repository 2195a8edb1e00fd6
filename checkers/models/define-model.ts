import type { Json } from '../../core/json.ts';
import type { Model, ModelEntry, ModelOperation } from './model.ts';
import { partitionByKey, wordsOf } from './value.ts';

/**
 * What one has to say of an object of one's own: its name, its operations, its initial state and `step`.
 * All else that a `Model` has is optional, and there is one thing more.
 */
export type ModelDefinition<State> = Pick<Model<State>, 'name' | 'operations' | 'init' | 'step'> &
  Partial<Omit<Model<State>, 'name' | 'operations' | 'init' | 'step' | 'origin'>> & {
    /** Makes the initial state from what `--init` gives; without it, `--init` is refused. */
    readonly initFrom?: (value: Json) => State;
  };

/**
 * Makes a model of one's own: `export default defineModel({ … })` in a file that `--model` names. Without
 * a `stateKey` states must be plain data; they are frozen then, so that a `step` that changes its state
 * instead of returning another is found out. Each key is an object of its own unless `partition` says
 * otherwise. Throws when the definition lacks something.
 */
export function defineModel<State>(definition: ModelDefinition<State>): ModelEntry {
  const { name, operations } = definition;
  demand(typeof name === 'string' && name !== '', 'a name', name);
  demand(
    Array.isArray(operations) &&
      operations.length > 0 &&
      operations.every((each) => typeof each === 'string'),
    'operations, a list of names',
    operations,
  );
  demand(definition.init !== undefined, 'init, the initial state', undefined);
  demand(typeof definition.step === 'function', 'step, a function', definition.step);
  const { summary = `the model ${name}` } = definition;
  return {
    name,
    summary,
    operations,
    create: ({ init } = {}): Model =>
      modelOf({ ...definition, summary }, init === undefined ? definition.init : first(init)),
  };

  function first(init: Json): State {
    if (definition.initFrom !== undefined) return definition.initFrom(init);
    throw new Error(
      `expected no initial value for the model ${name}, which has no initFrom, got ${wordsOf(init)}`,
    );
  }
}

function modelOf<State>(
  definition: ModelDefinition<State> & { readonly summary: string },
  init: State,
): Model<State> {
  const { name, stateKey } = definition;
  const stepped = (state: State, operation: ModelOperation): readonly State[] => {
    const states: unknown = definition.step(state, operation);
    if (Array.isArray(states)) return states as readonly State[];
    throw new Error(`expected step of ${name} to return a list of states, got ${inWords(states)}`);
  };
  const { initFrom: _initFrom, ...rest } = definition;
  const model: Model<State> = {
    partition: partitionByKey,
    describeOperation: describeExchange,
    describeState: inWords,
    stateKey: (state) => JSON.stringify(state),
    ...rest,
    init,
    step: stepped,
  };
  if (stateKey !== undefined) return model;
  return {
    ...model,
    init: frozen(init, name),
    step: (state, operation) => stepped(state, operation).map((each) => frozen(each, name)),
  };
}

function demand(isThere: boolean, what: string, got: unknown): void {
  if (!isThere) throw new Error(`expected a model to have ${what}, got ${inWords(got)}`);
}

/**
 * Freezes plain data; throws for anything else, because its JSON would make different states equal:
 * that of every `Map` is `{}`.
 */
function frozen<State>(state: State, name: string): State {
  if (typeof state === 'string' || typeof state === 'boolean' || state === null) return state;
  if (typeof state === 'number' && Number.isFinite(state)) return state;
  if (typeof state === 'object' && isPlain(state)) {
    if (Object.isFrozen(state)) return state;
    for (const each of Object.values(state)) if (each !== undefined) frozen(each, name);
    return Object.freeze(state);
  }
  throw new Error(
    `expected the states of ${name} to be plain data, or the model to have a stateKey, ` +
      `got ${inWords(state)}`,
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/** A value of any type, for a message. */
function inWords(value: unknown): string {
  if (typeof value === 'object' && value !== null && !isPlain(value)) {
    return `a ${value.constructor.name}`;
  }
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined || typeof value === 'number') return String(value);
  return text.length <= 80 ? text : `${text.slice(0, 50)}… (${text.length} characters)`;
}

/** `read → 7`, `write 7`, `swap 7 → 5`: what was asked, and what came back where that says more. */
function describeExchange({ op, input, output, phase }: ModelOperation): string {
  const asked = input === null ? op : `${op} ${wordsOf(input)}`;
  if (phase === 'fail') return `${asked}, which failed`;
  if (phase === 'info') return `${asked} → unknown`;
  const repeats = JSON.stringify(input) === JSON.stringify(output);
  return repeats ? asked : `${asked} → ${wordsOf(output)}`;
}
