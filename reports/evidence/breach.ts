import type { Breach } from '../../core/invariant.ts';
import type { Json } from '../../core/json.ts';
import { isFiniteNumber, isObject } from './json.ts';

/** What an invariant of the nodes' states found, or null where anything is not as agreed. */
export function breachOf(value: Json): Breach | null {
  if (!isObject(value)) return null;
  const { invariant, node, timeNs, summary } = value;
  if (typeof invariant !== 'string' || typeof summary !== 'string') return null;
  if (!isFiniteNumber(timeNs)) return null;
  if (node === undefined) return { invariant, timeNs, summary };
  return typeof node === 'string' ? { invariant, node, timeNs, summary } : null;
}
