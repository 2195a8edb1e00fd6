import { expect, it } from 'vitest';
import { historyOf } from '../../../core/history.ts';
import { type TwinLevel, levelsByBruteForce } from './brute-force.ts';
import { type Store, randomTransactions } from './random-transactions.ts';

const shape = { transactions: 5, clients: 3, keys: 2, steps: 3, crashes: 0.1, failures: 0.1 };

it.each<[Store, TwinLevel, TwinLevel | null]>([
  ['serial', 'strict-serializable', null],
  ['snapshot', 'strong-snapshot-isolation', 'serializable'],
  ['careless', 'causal', 'parallel-snapshot-isolation'],
  ['committed', 'read-committed', 'read-atomic'],
  ['replicas', 'read-atomic', 'strict-serializable'],
])('the store "%s" keeps %s, and not always %s', (store, kept, broken) => {
  for (const writes of ['w', 'append'] as const) {
    let breaks = 0;
    for (let seed = 0; seed < 300; seed++) {
      const events = randomTransactions({ ...shape, seed, store, writes, mutations: 0 });
      const levels = levelsByBruteForce(historyOf(events));
      // A replica that applies what it missed after what it wrote has lists that no other one has.
      if (store !== 'replicas' || writes === 'w')
        expect([seed, [...levels]]).toEqual([seed, expect.arrayContaining([kept])]);
      if (broken !== null && !levels.has(broken)) breaks++;
    }
    expect(breaks > 5).toBe(broken !== null);
  }
});

it('gives the same history for the same shape', () => {
  const draw = () =>
    randomTransactions({ ...shape, seed: 7, store: 'replicas', writes: 'w', mutations: 2 });
  expect(draw()).toEqual(draw());
});
