import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Agreement, compare, testedModels } from '../testing/agreement.ts';
import type { HistoryShape } from '../testing/random-history.ts';

const shapes: fc.Arbitrary<HistoryShape> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  operations: fc.integer({ min: 0, max: 8 }),
  clients: fc.integer({ min: 1, max: 4 }),
  crashes: fc.constantFrom(0, 0.1, 0.4),
  mutations: fc.integer({ min: 0, max: 3 }),
  values: fc.integer({ min: 0, max: 3 }),
});

/** A nightly run sets it to 100,000 and more; it is divided among the models. */
const histories = Number(process.env.DTEST_RANDOM_HISTORIES ?? 22_000);
const historiesOfEach = Math.ceil(histories / testedModels().length);
const timeoutMs = 20_000 + 10 * historiesOfEach;

describe.each(testedModels())('%s', (name) => {
  it(
    'agrees with exhaustive search on random histories, valid and spoilt',
    () => {
      const seen: Agreement[] = [];
      fc.assert(
        fc.property(
          shapes,
          fc.constantFrom('drop' as const, 'assert' as const),
          (shape, failedCas) => {
            const agreement = compare(name, shape, failedCas);
            seen.push(agreement);
            expect(agreement.wrong, JSON.stringify(agreement.events)).toEqual([]);
          },
        ),
        { numRuns: historiesOfEach },
      );
      // The test would prove little if nearly all of them were valid, or invalid.
      const valid = seen.filter(({ twin }) => twin).length;
      expect(valid).toBeGreaterThan(historiesOfEach * 0.2);
      expect(valid).toBeLessThan(historiesOfEach * 0.98);
      if (['register', 'cas-register', 'fifo-queue'].includes(name)) {
        expect(seen.filter(({ monitored }) => monitored).length).toBeGreaterThan(
          historiesOfEach / 10,
        );
      }
    },
    timeoutMs,
  );
});
