import { operationCodes, operationShift } from '../journal/codes.ts';
import type { Columns } from '../journal/columns.ts';

/**
 * Places of all reads and writes by key, the keys in order, the places in order of the calls. What
 * consists of parts is in its parts.
 */
export function placesByKey(columns: Columns): readonly Uint32Array[] {
  const counts = new Map<number, number>();
  eachOnKey(columns, (key) => counts.set(key, (counts.get(key) ?? 0) + 1));
  const filled = new Map<number, { readonly places: Uint32Array; used: number }>();
  for (const [key, count] of counts) filled.set(key, { places: new Uint32Array(count), used: 0 });
  eachOnKey(columns, (key, at) => {
    const own = filled.get(key);
    if (own !== undefined) own.places[own.used++] = at;
  });
  return [...filled]
    .sort(([one], [other]) => one - other)
    .map(([, { places }]) => inOrderOfCalls(columns, places));
}

/** The same of all keys together. */
export function placesOfAll(columns: Columns): Uint32Array {
  const places: number[] = [];
  eachOnKey(columns, (_, at) => void places.push(at));
  return inOrderOfCalls(columns, Uint32Array.from(places));
}

function eachOnKey(columns: Columns, visit: (key: number, at: number) => void): void {
  const { count, key, tag } = columns;
  for (let at = 0; at < count; at++) {
    const code = codeIn(tag[at] ?? 0);
    const isOnKey =
      code === operationCodes.read ||
      code === operationCodes.write ||
      code === operationCodes.insert;
    if (isOnKey) visit(key[at] ?? 0, at);
  }
}

/** Each thread's are in order already; where there is one thread, nothing is left to do. */
function inOrderOfCalls({ callNs }: Columns, places: Uint32Array): Uint32Array {
  for (let place = 1; place < places.length; place++) {
    if ((callNs[places[place] ?? 0] ?? 0) >= (callNs[places[place - 1] ?? 0] ?? 0)) continue;
    return places.sort((one, other) => (callNs[one] ?? 0) - (callNs[other] ?? 0));
  }
  return places;
}

export function isRead({ tag }: Columns, at: number): boolean {
  return codeIn(tag[at] ?? 0) === operationCodes.read;
}

function codeIn(tag: number): number {
  return (tag >> operationShift) & 7;
}
