import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/json.ts';
import {
  type Answer,
  type Tried,
  coarsen,
  compareWithExhaustive,
  compareWithSearch,
  moveOne,
} from '../../testing/monitor-twins.ts';
import type { Questions } from '../../testing/questions.ts';
import { cutAt } from '../minimise.ts';
import { createMutexMonitor } from './mutex.ts';
import { createSetElement } from './set-element.ts';
import { createUniquePriorityQueue } from './unique-priority-queue.ts';
import { createUniqueQueue } from './unique-queue.ts';
import { createUniqueRegister } from './unique-register.ts';
import { createUniqueStack } from './unique-stack.ts';
import { createUnitCounter } from './unit-counter.ts';

// Few values are written twice, which monitors of unique values must leave to the search.
const mostlyUnique = [0, 0, 0, 0, 5];

const unitCounterOps: Questions = (_draw, rng) => {
  const sum = (state: unknown): Json => state as Json;
  const other = (right: Json): Json => (right as number) + rng.int(-2, 2);
  if (rng.float() < 0.5) return { op: 'read', value: null, answer: sum, other };
  // Now and then something that the monitor does not count.
  const value = rng.float() < 0.9 ? 1 : rng.int(-1, 2);
  return { op: 'add', value, answer: () => value, other: () => value };
};

const all: readonly Tried[] = [
  { model: 'cas-register', monitor: createUniqueRegister, values: mostlyUnique },
  { model: 'fifo-queue', monitor: createUniqueQueue, values: mostlyUnique },
  { model: 'stack', monitor: createUniqueStack, values: mostlyUnique },
  { model: 'priority-queue', monitor: createUniquePriorityQueue, values: mostlyUnique },
  { model: 'set', monitor: createSetElement, values: [1, 1, 2] },
  { model: 'mutex', monitor: createMutexMonitor, values: [0] },
  { model: 'counter', monitor: createUnitCounter, values: [0], questions: unitCounterOps },
];

/** A comparison proves little if one answer hardly ever comes up. */
function expectBoth({ valid, invalid }: Record<Answer, number>): void {
  expect(valid).toBeGreaterThan((valid + invalid) / 50);
  expect(invalid).toBeGreaterThan((valid + invalid) / 50);
}

describe.each(all)('the monitor of $model', (tried) => {
  it('agrees with exhaustive search on small histories', () => {
    expectBoth(compareWithExhaustive(tried, 10_000));
  }, 120_000);

  it('agrees with the general search on longer histories', () => {
    const change = ({ operations }: Parameters<typeof cutAt>[0]) => operations;
    expectBoth(compareWithSearch(tried, { operations: 16, numRuns: 3000, change }));
  }, 120_000);

  it('agrees with the general search when events fall on the same moment', () => {
    expectBoth(compareWithSearch(tried, { operations: 12, numRuns: 3000, change: coarsen }));
  }, 120_000);

  it('agrees with the general search on prefixes, where known results may not have happened', () => {
    const seen = compareWithSearch(tried, {
      operations: 16,
      numRuns: 3000,
      change: (part, pick) => cutAt(part, pick % part.operations.length).operations,
    });
    expectBoth(seen);
  }, 120_000);

  it('agrees with the general search after an operation was moved', () => {
    expectBoth(compareWithSearch(tried, { operations: 12, numRuns: 3000, change: moveOne }));
  }, 120_000);
});
