import type { Model } from '../models/model.ts';
import type { Decider } from './decider.ts';
import { monitors } from './monitors/index.ts';
import type { TimedOperation } from './part.ts';
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
  operations: readonly TimedOperation[],
  algorithm: Algorithm,
  maxMemoryMb?: number,
): Decider {
  if (algorithm === 'porcupine') return createPorcupine(model, operations);
  if (algorithm === 'auto') {
    for (const monitor of monitors) {
      const decider = monitor(model, operations);
      if (decider !== null) return decider;
    }
  }
  return createSearch(model, operations, maxMemoryMb === undefined ? {} : { maxMemoryMb });
}
