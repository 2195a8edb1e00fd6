import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';
import { type Reading, type Text, createTexts, readingOf, wholeOf } from './texts.ts';
import { pairOf, partitionByKey, sameValue, valueText, wordsOf } from './value.ts';
import type { AppendableView } from './view.ts';

/**
 * A store of values by key: `get`, `put`, `append`, `delete`, `cas` with `[from, to]` (also `read` and
 * `write` for the first two). `init` is what a key without a value reads as, null by default. `append`
 * makes a text of any value; that of null is empty.
 */
export function kvModel(init: Json | undefined, name: string): Model<Content> {
  return kvStartingAt(init ?? null, name);
}

/** The same with every key starting as the empty string, as the logs of Porcupine have it. */
export function kvStringModel(init: Json | undefined, name: string): Model<Content> {
  return kvStartingAt(init ?? '', name);
}

/** What is under a key: texts share what they have in common, and other values are as they are. */
type Content = Text | { readonly kind: 'value'; readonly value: Json };

function kvStartingAt(init: Json, name: string): Model<Content> {
  const store = createStore(init);
  return {
    name,
    summary: 'each key holds a value, with get, put, append, delete and cas',
    operations: ['get', 'put', 'append', 'delete', 'cas', 'read', 'write'],
    init: store.contentOf(init),
    step: store.step,
    stateKey: (content) => (content.kind === 'text' ? content.id : valueText(content.value)),
    partition: partitionByKey,
    readOnly: (operation) => isGet(operation) || operation.phase === 'fail',
    blind: ({ op }) => op === 'put' || op === 'write' || op === 'delete',
    effect: (operation) => {
      const { op, input, output, phase } = operation;
      if (isGet(operation)) return `get ${valueText(output)}`;
      return `${phase === 'fail' ? 'failed ' : ''}${op} ${valueText(input)}`;
    },
    unobservable,
    ...(init === null || init === '' ? { view: (operation) => view(operation, init) } : {}),
    describeOperation,
    describeState: (content) => wordsOf(valueOf(content)),
  };
}

interface Store {
  contentOf(value: Json): Content;
  readonly step: Model<Content>['step'];
}

function createStore(init: Json): Store {
  const texts = createTexts();
  const readings = new Map<string, Reading>();

  const readingFor = (text: string): Reading => {
    let reading = readings.get(text);
    if (reading !== undefined) return reading;
    if (readings.size >= mostReadings) readings.clear();
    readings.set(text, (reading = readingOf(text)));
    return reading;
  };
  const holds = (content: Content, value: Json): boolean => {
    if (content.kind === 'value') return sameValue(content.value, value);
    return typeof value === 'string' && texts.matches(content, readingFor(value));
  };
  const contentOf = (value: Json): Content =>
    typeof value === 'string' ? texts.of(value) : { kind: 'value', value };
  const textIn = (content: Content): Text =>
    content.kind === 'text' ? content : texts.of(textOf(content.value));

  return {
    contentOf,
    step(content, operation) {
      const { op, input, output, phase } = operation;
      if (isGet(operation)) return phase !== 'ok' || holds(content, output) ? [content] : [];
      if (op === 'delete') return [contentOf(init)];
      if (op === 'append') return [texts.append(textIn(content), textOf(input))];
      if (op !== 'cas') return [contentOf(input)];
      const [from, to] = pairOf(operation);
      const fits = holds(content, from);
      if (phase === 'ok' && !fits) return [];
      if (phase === 'fail') return fits ? [] : [content];
      return [fits ? contentOf(to) : content];
    },
  };
}

/** How many answers are remembered; they are small beside the texts themselves. */
const mostReadings = 1 << 16;

function isGet({ op }: ModelOperation): boolean {
  return op === 'get' || op === 'read';
}

function valueOf(content: Content): Json {
  return content.kind === 'text' ? wholeOf(content) : content.value;
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : valueText(value);
}

/** Null for what is no text, for a text that is empty but not the first one, and for `delete` and `cas`. */
function view(operation: ModelOperation, init: Json): AppendableView | null {
  const object = 'appendable';
  const { op, input, output } = operation;
  if (isGet(operation)) {
    if (output === init) return { object, kind: 'read', value: null };
    return isText(output) ? { object, kind: 'read', value: output } : null;
  }
  if (op === 'delete' || op === 'cas' || !isText(input)) return null;
  return { object, kind: op === 'append' ? 'append' : 'write', shape: 'text', piece: input };
}

function isText(value: Json): value is string {
  return typeof value === 'string' && value !== '';
}

/** Comparing more characters than this takes longer than it saves. */
const mostCharacters = 1e8;

/**
 * A crashed change puts its text into the value, where it stays until the value is replaced. When no
 * answer and no expectation of a cas contains that text, only changes without a look can have come in
 * between (and crashed cas that changed nothing, which can be left out), so it may as well not have
 * happened. A failed cas that asserts something sees every value that is not its own.
 */
function unobservable(operations: readonly ModelOperation[]): readonly boolean[] {
  const seen: string[] = [];
  let crashed = 0;
  for (const operation of operations) {
    if (isGet(operation)) seen.push(textOf(operation.output));
    else if (operation.op === 'cas') seen.push(textOf(pairOf(operation)[0]));
    if (operation.phase === 'info') crashed++;
  }
  const characters = seen.reduce((sum, { length }) => sum + length, 0);
  const nothing = operations.map(() => false);
  if (operations.some(({ phase }) => phase === 'fail')) return nothing;
  if (crashed * characters > mostCharacters) return nothing;
  return operations.map((operation) => {
    const { op, input, phase } = operation;
    if (phase !== 'info' || op === 'delete' || isGet(operation)) return false;
    const text = textOf(op === 'cas' ? pairOf(operation)[1] : input);
    return !seen.some((each) => each.includes(text));
  });
}

function describeOperation(operation: ModelOperation): string {
  const { op, input, output, phase } = operation;
  if (isGet(operation)) return `${op} → ${phase === 'ok' ? wordsOf(output) : 'unknown'}`;
  if (op === 'delete') return 'delete';
  if (op !== 'cas') return `${op} ${wordsOf(input)}`;
  const [from, to] = pairOf(operation);
  return `cas ${wordsOf(from)} → ${wordsOf(to)}${phase === 'fail' ? ', which failed' : ''}`;
}
