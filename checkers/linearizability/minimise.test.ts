import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import { modelNamed } from '../models/index.ts';
import { questionsFor } from '../testing/questions.ts';
import { randomHistory } from '../testing/random-history.ts';
import { createDecider } from './algorithm.ts';
import { failureOf } from './failure.ts';
import { minimise } from './minimise.ts';
import { filterPart, partsOf } from './part.ts';
import { removableIn } from './removable.ts';

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  operations: fc.integer({ min: 4, max: 30 }),
  clients: fc.integer({ min: 1, max: 4 }),
  crashes: fc.constantFrom(0, 0.2),
  mutations: fc.integer({ min: 1, max: 3 }),
  values: fc.integer({ min: 0, max: 3 }),
});

describe.each(['cas-register', 'kv', 'fifo-queue', 'stack', 'priority-queue', 'set', 'counter'])(
  'a shrunken %s history',
  (name) => {
    const model = modelNamed(name);
    it('still fails, and its evidence fits together', () => {
      let failed = 0;
      fc.assert(
        fc.property(shapes, (shape) => {
          const events = randomHistory(model, questionsFor[name]!, shape);
          for (const part of partsOf(historyOf(events), model)) {
            const decider = createDecider(model, part.operations, 'auto');
            if (decider.run(Infinity) === 'valid') continue;
            failed++;
            const small = minimise(model, part, decider.stuck());
            expect(createDecider(model, small.operations, 'search').run(Infinity)).toBe('invalid');
            const failure = failureOf(model, part, decider.stuck(), () => undefined);
            expect(failure.operations).toHaveLength(small.operations.length);
            expect(failure.stuck.length).toBeGreaterThan(0);
            const placed = failure.linearization.map(({ operation }) => operation);
            expect(new Set(placed).size).toBe(placed.length);
            expect(placed.some((place) => failure.stuck.includes(place))).toBe(false);
            const { fromNs, toNs } = failure.window;
            expect(fromNs).toBeLessThanOrEqual(toNs);
          }
        }),
        { numRuns: 500 },
      );
      expect(failed).toBeGreaterThan(10);
    });

    // Removing operations must not make a violation: what is left of a valid history stays valid.
    it('would not have failed had the history been linearizable', () => {
      fc.assert(
        fc.property(shapes, fc.nat(), fc.nat(), (shape, pick, kind) => {
          const events = randomHistory(model, questionsFor[name]!, { ...shape, mutations: 0 });
          for (const part of partsOf(historyOf(events), model)) {
            if (part.operations.length === 0) continue;
            const removable = removableIn(model, part);
            const gone = new Set<number>();
            const chosen = pick % part.operations.length;
            const isRead = model.readOnly?.(part.operations.operation(chosen)) === true;
            if (kind % 2 === 0 && isRead) gone.add(chosen);
            const units = [pick, kind].map((each) => each % Math.max(1, removable.units));
            if (kind % 2 === 1) for (const at of removable.operationsOf(units)) gone.add(at);
            const left = filterPart(part, (at) => !gone.has(at)).operations;
            expect(createDecider(model, left, 'search').run(Infinity)).toBe('valid');
          }
        }),
        { numRuns: 300 },
      );
    });
  },
);
