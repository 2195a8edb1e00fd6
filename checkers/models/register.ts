import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { pairOf, partitionByKey, sameValue, valueKey, valueText, wordsOf } from './value.ts';
import type { RegisterView } from './view.ts';

/** Independent registers, one a key: `read`, `write`. `init` is what a read finds first, or null. */
export function registerModel(init: Json | undefined, name: string): Model<Json> {
  return {
    ...casRegisterModel(init, name),
    summary: 'each key is a register with read and write',
    operations: ['read', 'write'],
  };
}

/** Independent registers, one a key: `read`, `write`, `cas` with `[from, to]`. */
export function casRegisterModel(init: Json | undefined, name: string): Model<Json> {
  return {
    name,
    summary: 'each key is a register with read, write and compare-and-set',
    operations: ['read', 'write', 'cas'],
    init: init ?? null,
    step,
    stateKey: valueKey,
    partition: partitionByKey,
    readOnly,
    blind: ({ op }) => op === 'write',
    onlyFrom,
    effect,
    unobservable,
    tokens,
    view,
    describeOperation,
    describeState: wordsOf,
  };
}

const unchanged: readonly Json[] = [];

function step(state: Json, operation: ModelOperation): readonly Json[] {
  if (operation.op === 'read') {
    return operation.phase !== 'ok' || sameValue(state, operation.output) ? [state] : unchanged;
  }
  if (operation.op === 'write') return [operation.input];
  const [from, to] = pairOf(operation);
  const matches = sameValue(state, from);
  switch (operation.phase) {
    case 'ok':
      return matches ? [to] : unchanged;
    case 'fail':
      return matches ? unchanged : [state];
    case 'info':
      return [matches ? to : state];
  }
}

function readOnly(operation: ModelOperation): boolean {
  return operation.op === 'read' || operation.phase === 'fail';
}

function onlyFrom(operation: ModelOperation): { readonly state: Json } | null {
  if (operation.phase !== 'ok' || operation.op === 'write') return null;
  return { state: operation.op === 'read' ? operation.output : pairOf(operation)[0] };
}

function effect(operation: ModelOperation): string {
  if (operation.op === 'read') return `read ${valueKey(operation.output)}`;
  const failed = operation.phase === 'fail' ? 'failed ' : '';
  return `${failed}${operation.op} ${valueText(operation.input)}`;
}

/**
 * Take any linearization with a crashed write or cas whose new value no read returns and no cas
 * expects. Until the next change of the register nothing but crashed operations without effect can
 * follow it, so it can go, and they with it. Going makes its own expectation go too, hence the loop.
 * A failed cas that asserts something sees *every* value that is not its own, so then nothing goes.
 */
function unobservable(operations: readonly ModelOperation[]): readonly boolean[] {
  const gone = operations.map(() => false);
  if (operations.some(({ phase }) => phase === 'fail')) return gone;
  for (let changed = true; changed;) {
    changed = false;
    const observed = new Set<string | number>();
    operations.forEach((operation, at) => {
      if (gone[at] === true || operation.op === 'write') return;
      observed.add(valueKey(operation.op === 'read' ? operation.output : pairOf(operation)[0]));
    });
    operations.forEach((operation, at) => {
      if (gone[at] === true || operation.phase !== 'info' || operation.op === 'read') return;
      const value = operation.op === 'write' ? operation.input : pairOf(operation)[1];
      if (observed.has(valueKey(value))) return;
      gone[at] = true;
      changed = true;
    });
  }
  return gone;
}

/**
 * Without all operations that mention a value, every read and cas that remains still follows the
 * write it followed before. A failed cas looks at all values, so it must go first, like any read.
 */
function tokens(operation: ModelOperation): readonly string[] | null {
  if (operation.op === 'read') return [String(valueKey(operation.output))];
  if (operation.op === 'write') return [String(valueKey(operation.input))];
  if (operation.phase === 'fail') return null;
  return pairOf(operation).map((value) => String(valueKey(value)));
}

function view(operation: ModelOperation): RegisterView | null {
  const object = 'register';
  if (operation.phase === 'fail') return null;
  if (operation.op === 'read') return { object, kind: 'read', value: operation.output };
  if (operation.op === 'write') return { object, kind: 'write', value: operation.input };
  const [from, to] = pairOf(operation);
  return { object, kind: 'cas', from, to };
}

function describeOperation(operation: ModelOperation): string {
  if (operation.op === 'read') {
    return operation.phase === 'ok' ? `read → ${wordsOf(operation.output)}` : 'read → unknown';
  }
  if (operation.op === 'write') return `write ${wordsOf(operation.input)}`;
  const [from, to] = pairOf(operation);
  const failed = operation.phase === 'fail' ? ', which failed' : '';
  return `cas ${wordsOf(from)} → ${wordsOf(to)}${failed}`;
}
