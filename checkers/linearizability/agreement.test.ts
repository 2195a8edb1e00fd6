import { describe, expect, it } from 'vitest';
import { compareSeed, describeDisagreement, testedModels } from '../testing/agreement.ts';

/** The nightly script goes further: `npm run nightly`. */
const historiesOfEach = 10_000;

/** Models some of whose histories a monitor decides. */
const monitored = new Set([
  'register',
  'cas-register',
  'fifo-queue',
  'stack',
  'priority-queue',
  'set',
  'counter',
  'mutex',
]);

describe.each(testedModels())('%s', (name) => {
  it('agrees with exhaustive search on random histories, valid and spoilt', () => {
    let valid = 0;
    let byMonitor = 0;
    for (let seed = 0; seed < historiesOfEach; seed++) {
      const comparison = compareSeed(name, seed);
      if (comparison.wrong.length > 0) expect.fail(describeDisagreement(comparison));
      if (comparison.linearizable) valid++;
      if (comparison.monitored) byMonitor++;
    }
    // The test would prove little if nearly all of them were valid, or invalid.
    expect(valid).toBeGreaterThan(historiesOfEach * 0.2);
    expect(valid).toBeLessThan(historiesOfEach * 0.9);
    if (monitored.has(name)) expect(byMonitor).toBeGreaterThan(historiesOfEach / 10);
  }, 120_000);
});
