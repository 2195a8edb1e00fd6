import type { Json, JsonObject } from '../../core/json.ts';

/**
 * Evidence comes from a file that anybody may have written. These read it, and give null where anything
 * is not as agreed: a picture must not show a guess.
 */

/** Every item read, or null when one of them could not be. */
export function listOf<T>(value: Json | undefined, read: (item: Json) => T | null): T[] | null {
  if (!isList(value)) return null;
  const items = value.map(read);
  return items.some((item) => item === null) ? null : items.filter((item) => item !== null);
}

export function nameOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}

export function phaseOf(value: Json | undefined): 'ok' | 'info' | 'fail' | null {
  return value === 'ok' || value === 'info' || value === 'fail' ? value : null;
}

/** The moments of a call and of its return, null for one that never came. */
export function spanOf(
  callNs: Json | undefined,
  returnNs: Json | undefined,
): { readonly callNs: number; readonly returnNs: number | null } | null {
  if (!isFiniteNumber(callNs)) return null;
  if (returnNs === null) return { callNs, returnNs };
  return isFiniteNumber(returnNs) && returnNs >= callNs ? { callNs, returnNs } : null;
}

export function isFiniteNumber(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
