import type { Model } from '../../models/model.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import { createGround } from './ground.ts';
import { timelineOf } from './timeline.ts';
import { type Way, createTurns } from './turns.ts';

export interface SearchOptions {
  /** Megabytes to fill, about. */
  readonly maxMemoryMb?: number;
  readonly way?: Way;
}

/** More than any history needs that ends within the default steps. */
export const defaultMaxMemoryMb = 1024;

/**
 * The general search: exact for every model, deterministic or not, with or without hooks. It goes
 * through the history from return to return and keeps what may have happened so far as configurations
 * of a few integers (`configuration.ts`), in which what cannot matter is left out (`expansion.ts`) and
 * of which the ones that cannot do better than another are dropped (`configuration-set.ts`). It does so
 * breadth first and depth first in turns (`turns.ts`), since each is good where the other is not: an
 * explanation among very many is found by diving, that there is none is seen sooner on the frontier.
 */
export function createSearch(
  model: Model,
  operations: Operations,
  { maxMemoryMb = defaultMaxMemoryMb, way = 'both' }: SearchOptions = {},
): Decider {
  const ground = createGround(model);
  const timeline = timelineOf(operations, ground.classes);
  const turns = createTurns(ground, timeline, { way, maxBytes: maxMemoryMb * 1e6 });
  return {
    name: 'search',
    steps: () => ground.work.steps,
    isFull: () => turns.isFull(),
    stuck: () => {
      const operation = timeline.returning[turns.farthest()];
      return operation === undefined ? null : timeline.placeOf(operation);
    },
    run: (maxSteps) => turns.run(maxSteps),
  };
}
