import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { describeSequence, elementOf, sequenceOf } from './sequence.ts';
import { type Reading, type Text, type Texts, createTexts, hashOf, wholeOf } from './texts.ts';
import { partitionByKey, valueText, wordsOf } from './value.ts';
import type { AppendableView } from './view.ts';

/**
 * A list for each key that only grows: `append` of one element, `read` of the whole list, null being
 * the empty one. `init` is the first list.
 */
export function appendListModel(init: Json | undefined, name: string): Model<Text> {
  const texts = createTexts();
  const initial = texts.of(sequenceOf(init));
  return {
    name,
    summary: 'each key is a list with append and a read of the whole',
    operations: ['append', 'read'],
    init: initial,
    step: (state, operation) => step(texts, state, operation),
    stateKey: ({ id }) => id,
    partition: partitionByKey,
    readOnly: ({ op }) => op === 'read',
    effect: ({ op, input, output }) =>
      op === 'append' ? elementOf(input) : `read ${valueText(output)}`,
    unobservable,
    tokens,
    ...(initial.length === 0 ? { view } : {}),
    describeOperation: ({ op, input, output, phase }) => {
      if (op === 'append') return `append ${wordsOf(input)}`;
      return `read → ${phase === 'ok' ? describeSequence(sequenceOf(output)) : 'unknown'}`;
    },
    describeState: (state) => describeSequence(wholeOf(state)),
  };
}

function step(
  texts: Texts,
  state: Text,
  { op, input, output, phase }: ModelOperation,
): readonly Text[] {
  if (op === 'append') return [texts.append(state, elementOf(input))];
  return phase !== 'ok' || texts.matches(state, readingOf(output)) ? [state] : [];
}

/** Answers are compared with many states, but looked through once only. */
const readings = new WeakMap<readonly Json[], Reading>();

const emptyList: readonly Json[] = [];

function readingOf(output: Json): Reading {
  const list = listOf(output);
  const known = readings.get(list);
  if (known !== undefined) return known;
  let length = 0;
  let hash = hashOf('');
  for (const each of list) {
    const element = elementOf(each);
    length += element.length;
    hash = hashOf(element, hash);
  }
  const reading = { length, hash, equal: null, whole: () => list.map(elementOf).join('') };
  readings.set(list, reading);
  return reading;
}

function listOf(output: Json): readonly Json[] {
  if (output === null) return emptyList;
  if (Array.isArray(output)) return output as readonly Json[];
  throw new Error(`expected a read to return a list of elements, got ${wordsOf(output)}`);
}

/** The list never shrinks, so behind an element that nobody saw no read can have returned. */
function unobservable(operations: readonly ModelOperation[]): readonly boolean[] {
  const seen = new Set<string>();
  for (const { op, phase, output } of operations) {
    if (op === 'read' && phase === 'ok')
      for (const each of listOf(output)) seen.add(elementOf(each));
  }
  return operations.map(
    ({ op, phase, input }) => op === 'append' && phase === 'info' && !seen.has(elementOf(input)),
  );
}

/** A read goes with all elements it shows; the others were appended after it. */
function tokens({ op, input, output }: ModelOperation): readonly string[] {
  return op === 'append' ? [elementOf(input)] : listOf(output).map(elementOf);
}

function view({ op, input, output }: ModelOperation): AppendableView {
  const object = 'appendable';
  return op === 'append'
    ? { object, kind: 'append', shape: 'element', piece: input }
    : { object, kind: 'read', value: listOf(output) };
}
