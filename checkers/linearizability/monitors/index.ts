import type { Model } from '../../models/model.ts';
import type { ObjectName } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import { createMutexMonitor } from './mutex.ts';
import { createSetElement } from './set-element.ts';
import { createUniqueAppends } from './unique-appends.ts';
import { createUniquePriorityQueue } from './unique-priority-queue.ts';
import { createUniqueQueue } from './unique-queue.ts';
import { createUniqueRegister } from './unique-register.ts';
import { createUniqueStack } from './unique-stack.ts';
import { createUnitCounter } from './unit-counter.ts';

/**
 * An algorithm that is fast because the operations are of a special kind; null when they are not. The
 * general search is the twin of each.
 */
export type Monitor = (model: Model, operations: Operations) => Decider | null;

/** The monitor for each object that has one. */
const monitorFor: Readonly<Record<ObjectName, Monitor>> = {
  register: createUniqueRegister,
  appendable: createUniqueAppends,
  queue: createUniqueQueue,
  stack: createUniqueStack,
  'priority-queue': createUniquePriorityQueue,
  set: createSetElement,
  counter: createUnitCounter,
  mutex: createMutexMonitor,
};

/** The monitor for the object that the first operation is on, if it can decide all of them. */
export const createMonitor: Monitor = (model, operations) => {
  const view = operations.length === 0 ? null : (model.view?.(operations.operation(0)) ?? null);
  return view === null ? null : monitorFor[view.object](model, operations);
};
