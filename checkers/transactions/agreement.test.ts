import { expect, it } from 'vitest';
import { transactionComparisons } from './testing/agreement.ts';

it.each(Object.entries(transactionComparisons))(
  '%s agrees with a search of all orders on 10⁴ small histories',
  (_name, compare) => {
    const answers = new Map<string, number>();
    for (let seed = 0; seed < 10_000; seed++) {
      const { events, answer, wrong } = compare(seed);
      if (wrong !== null) expect([seed, wrong, events]).toEqual([seed, null, []]);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    // Every answer must have been reached often enough to mean something.
    expect(answers.size).toBeGreaterThan(1);
    expect(Math.min(...answers.values()), JSON.stringify([...answers])).toBeGreaterThan(20);
  },
  120_000,
);
