import type { Json } from '../../core/json.ts';
import { valueText } from './value.ts';

/**
 * Bags and sets keep the JSON of their elements in one sorted list, so that equal contents are equal
 * lists. JSON has no line break of its own, so joined by line breaks they are a key.
 */
export type Sorted = readonly string[];

/** The elements of an initial value or of an answer, in order; throws when it is no list. */
export function sortedOf(list: Json | undefined, what: string): Sorted {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) {
    throw new Error(`expected ${what} to be a list of elements, got ${JSON.stringify(list)}`);
  }
  return (list as readonly Json[]).map(valueText).sort(byText);
}

export function keyOf(sorted: Sorted): string {
  return sorted.join('\n');
}

export function has(sorted: Sorted, element: string): boolean {
  return sorted[placeOf(sorted, element)] === element;
}

/** With one more of the element, whether or not it is there. */
export function plus(sorted: Sorted, element: string): Sorted {
  return sorted.toSpliced(placeOf(sorted, element), 0, element);
}

/** With one less of the element, which must be there. */
export function minus(sorted: Sorted, element: string): Sorted {
  return sorted.toSpliced(placeOf(sorted, element), 1);
}

export function describeSorted(sorted: Sorted): string {
  const shown = sorted.slice(0, 12).join(', ');
  return sorted.length <= 12 ? `{${shown}}` : `{${shown}, … ${sorted.length - 12} more}`;
}

/** The first place whose element is not smaller. */
function placeOf(sorted: Sorted, element: string): number {
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < element) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
