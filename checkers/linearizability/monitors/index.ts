import type { Model } from '../../models/model.ts';
import type { Decider } from '../decider.ts';
import type { TimedOperation } from '../part.ts';
import { createUniquePriorityQueue } from './unique-priority-queue.ts';
import { createUniqueQueue } from './unique-queue.ts';
import { createUniqueRegister } from './unique-register.ts';
import { createUniqueStack } from './unique-stack.ts';

/**
 * An algorithm that is polynomial because the operations are of a special kind; null when they are
 * not. The general search is the twin of each.
 */
export type Monitor = (model: Model, operations: readonly TimedOperation[]) => Decider | null;

/** Every algorithm that knows when it applies, the fastest first. */
export const monitors: readonly Monitor[] = [
  createUniqueRegister,
  createUniqueQueue,
  createUniqueStack,
  createUniquePriorityQueue,
];
