import type { Json } from '../../core/json.ts';
import type { ModelOperation } from './model.ts';
import { valueText } from './value.ts';

/**
 * Queues and stacks keep their elements as one text: each element is a line break and its JSON, which
 * has no line break of its own. Texts are cheap to share, compare and look up, unlike arrays.
 */
export function elementOf(value: Json): string {
  return `\n${valueText(value)}`;
}

/** What goes in; throws for null, which an answer could not tell from an empty collection. */
export function insertable(value: Json): Json {
  if (value !== null) return value;
  throw new Error(`expected an element, got null, which as an answer means that there was none`);
}

/** The initial contents: a list, nothing at first. */
export function sequenceOf(init: Json | undefined): string {
  if (init === undefined || init === null) return '';
  if (Array.isArray(init)) return (init as readonly Json[]).map(elementOf).join('');
  throw new Error(
    `expected the initial value to be a list of elements, got ${JSON.stringify(init)}`,
  );
}

export function elementsOf(sequence: string): readonly Json[] {
  return sequence === ''
    ? []
    : sequence
        .slice(1)
        .split('\n')
        .map((element) => JSON.parse(element) as Json);
}

/** `[1, 2, 3]`, cut in the middle when it is long. */
export function describeSequence(sequence: string): string {
  const elements = elementsOf(sequence);
  if (elements.length <= 12) return JSON.stringify(elements);
  const ends = [...elements.slice(0, 5), ...elements.slice(-5)].map((each) => JSON.stringify(each));
  return `[${ends.slice(0, 5).join(',')}, … ${elements.length - 10} more …, ${ends.slice(5).join(',')}]`;
}

/**
 * Which crashed insertions nobody can have noticed: those of an element that no completed removal
 * returned. Leave the element out of any linearization, together with a crashed removal that took it:
 * the others keep their order, and an empty answer stays empty.
 */
export function unnoticed(
  operations: readonly ModelOperation[],
  insertion: string,
): readonly boolean[] {
  const taken = new Set<string>();
  for (const { op, phase, output } of operations) {
    if (op !== insertion && phase === 'ok') taken.add(valueText(output));
  }
  return operations.map(
    ({ op, phase, input }) => op === insertion && phase === 'info' && !taken.has(valueText(input)),
  );
}

/**
 * Ties an element to its insertions and removals. An empty answer ties to nothing: it stays true with
 * fewer elements, but a removal whose element nobody saw must stay where it is.
 */
export function elementTokens(
  operation: ModelOperation,
  insertion: string,
): readonly string[] | null {
  if (operation.op === insertion) return [valueText(operation.input)];
  if (operation.phase !== 'ok') return null;
  return operation.output === null ? null : [valueText(operation.output)];
}
