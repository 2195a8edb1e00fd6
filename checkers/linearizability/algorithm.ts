import type { Model } from '../models/model.ts';
import type { Decider } from './decider.ts';
import { monitors } from './monitors/index.ts';
import type { TimedOperation } from './part.ts';
import { createSearch } from './search.ts';

/** `auto` takes the fastest that applies; `search` is the general search, which always does. */
export type Algorithm = 'auto' | 'search';

export function createDecider(
  model: Model,
  operations: readonly TimedOperation[],
  algorithm: Algorithm,
): Decider {
  if (algorithm === 'auto') {
    for (const monitor of monitors) {
      const decider = monitor(model, operations);
      if (decider !== null) return decider;
    }
  }
  return createSearch(model, operations);
}
