import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { type Sorted, describeSorted, has, keyOf, minus, plus, sortedOf } from './sorted.ts';
import { partitionByKey, valueText, wordsOf } from './value.ts';

/**
 * A set for each key that can be read whole: `add` and `remove`, which always succeed, `read` with a
 * list of all elements in any order, and `contains` with `[element, true or false]`. `init` is a list of
 * the first elements. A set that is never read whole is better judged as `set`, element by element.
 */
export function wholeSetModel(init: Json | undefined, name: string): Model<Sorted> {
  const initial = [...new Set(sortedOf(init, 'the initial value'))];
  return {
    name,
    summary: 'each key is a set with add, remove, contains and a read of all elements',
    operations: ['add', 'remove', 'contains', 'read'],
    init: initial,
    step,
    stateKey: keyOf,
    partition: partitionByKey,
    readOnly,
    effect,
    unobservable,
    tokens,
    describeOperation,
    describeState: describeSorted,
  };
}

function readOnly({ op }: ModelOperation): boolean {
  return op === 'read' || op === 'contains';
}

function effect(operation: ModelOperation): string {
  if (operation.op === 'read') return `read ${keyOf(elementsOf(operation.output))}`;
  const { element, present } = aboutOne(operation);
  return `${operation.op} ${element} ${String(present)}`;
}

function step(state: Sorted, operation: ModelOperation): readonly Sorted[] {
  const { op, output, phase } = operation;
  if (op === 'read') {
    return phase !== 'ok' || keyOf(elementsOf(output)) === keyOf(state) ? [state] : [];
  }
  const { element, present } = aboutOne(operation);
  const isThere = has(state, element);
  if (op === 'contains') return phase !== 'ok' || present === isThere ? [state] : [];
  if (isThere === (op === 'add')) return [state];
  return [op === 'add' ? plus(state, element) : minus(state, element)];
}

/** The element that an operation is about, and what a `contains` said of it. */
function aboutOne({ op, input, output, phase }: ModelOperation): {
  readonly element: string;
  readonly present: boolean;
} {
  const answer = op === 'contains' && phase === 'ok' ? output : null;
  if (!Array.isArray(answer)) return { element: valueText(input), present: answer === true };
  const [element = null, present = null] = answer as readonly Json[];
  return { element: valueText(element), present: present === true };
}

/** Answers are compared once for each state, but put in order once only. */
const inOrder = new WeakMap<readonly Json[], Sorted>();

/** A read that lists an element twice fits no set, and so no state. */
function elementsOf(output: Json): Sorted {
  if (!Array.isArray(output)) return sortedOf(output, 'the answer of a read');
  const list = output as readonly Json[];
  let sorted = inOrder.get(list);
  if (sorted === undefined) inOrder.set(list, (sorted = sortedOf(list, 'the answer of a read')));
  return sorted;
}

/**
 * While an element is in the set that nobody saw in it, nothing that returned can look at it; so the
 * crashed `add` of it may as well not have happened.
 */
function unobservable(operations: readonly ModelOperation[]): readonly boolean[] {
  const seen = new Set<string>();
  for (const operation of operations) {
    if (operation.phase !== 'ok' || !readOnly(operation)) continue;
    if (operation.op === 'read') for (const each of elementsOf(operation.output)) seen.add(each);
    else if (aboutOne(operation).present) seen.add(aboutOne(operation).element);
  }
  return operations.map(
    ({ op, phase, input }) => op === 'add' && phase === 'info' && !seen.has(valueText(input)),
  );
}

/** A read goes with all elements it shows; what is left never shows any that are gone. */
function tokens(operation: ModelOperation): readonly string[] {
  if (operation.op === 'read') return operation.phase === 'ok' ? elementsOf(operation.output) : [];
  return [aboutOne(operation).element];
}

function describeOperation(operation: ModelOperation): string {
  const { op, phase, output, input } = operation;
  if (op === 'add' || op === 'remove') return `${op} ${wordsOf(input)}`;
  const known = phase === 'ok';
  if (op === 'read') return `read → ${known ? describeSorted(elementsOf(output)) : 'unknown'}`;
  const { element, present } = aboutOne(operation);
  return `contains ${element} → ${known ? String(present) : 'unknown'}`;
}
