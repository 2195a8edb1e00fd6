import type { Model } from '../models/model.ts';
import type { Decider } from './decider.ts';
import { createMonitor } from './monitors/index.ts';
import type { Operations } from './operations.ts';
import { createPorcupine } from './porcupine/porcupine.ts';
import { createSearch } from './search/search.ts';

/**
 * `auto` takes the fastest that applies; `search` is the general search, which always does, and
 * `porcupine` its plain twin.
 */
export type Algorithm = 'auto' | 'search' | 'porcupine';

/** The memory is for the general search; the others take no more than the history. */
export function createDecider(
  model: Model,
  operations: Operations,
  algorithm: Algorithm,
  maxMemoryMb?: number,
): Decider {
  if (algorithm === 'porcupine') return createPorcupine(model, operations);
  const monitor = algorithm === 'auto' ? createMonitor(model, operations) : null;
  if (monitor !== null) return monitor;
  return createSearch(model, operations, maxMemoryMb === undefined ? {} : { maxMemoryMb });
}
