import type { Model } from '../../models/model.ts';
import { type OperationClasses, createOperationClasses } from './operation-classes.ts';
import { type Transitions, createTransitions } from './transitions.ts';
import { type UsedSets, createUsedSets } from './used-sets.ts';

/** What all that search one part have in common. */
export interface Ground {
  readonly classes: OperationClasses;
  readonly transitions: Transitions;
  readonly usedSets: UsedSets;
  readonly work: Work;
}

/**
 * The work done so far, in steps that take about the same time each: asking the model, looking at a
 * configuration, comparing it with some others.
 */
export interface Work {
  steps: number;
}

export function createGround(model: Model): Ground {
  const work: Work = { steps: 0 };
  const classes = createOperationClasses(model);
  const transitions = createTransitions(model, classes, work);
  return { classes, transitions, usedSets: createUsedSets(), work };
}
