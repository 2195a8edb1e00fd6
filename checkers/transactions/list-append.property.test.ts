import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import type { Verdict } from '../../core/verdict.ts';
import { listAppend } from './list-append.ts';
import { type TwinLevel, levelsByBruteForce } from './testing/brute-force.ts';
import { listEvents } from './testing/list-store.ts';
import {
  type TransactionsShape,
  randomTransactions,
  stores,
} from './testing/random-transactions.ts';

/**
 * Levels at which lists have one order of appends for all. Below, the twin lets a reader see some appends
 * and not those between them, which Adya's model, where a version is a whole list, has no place for.
 */
const exact: readonly TwinLevel[] = [
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'serializable',
  'strong-session-snapshot-isolation',
  'strong-session-serializable',
  'strong-snapshot-isolation',
  'strict-serializable',
];

const levelsIn = (verdict: Verdict): readonly string[] =>
  (verdict.details?.levels as { ruledOut: string[] } | undefined)?.ruledOut ?? [];

/** Random stores, sizes and mutations, so that every level is kept by some histories and broken by others. */
function shapeOf(seed: number): TransactionsShape {
  return {
    seed,
    transactions: 2 + (seed % 4),
    clients: 2 + (seed % 3),
    keys: 1 + (seed % 3),
    steps: 3,
    crashes: seed % 5 === 0 ? 0.2 : 0,
    failures: seed % 7 === 0 ? 0.2 : 0,
    store: stores[seed % stores.length] ?? 'serial',
    mutations: seed % 3 === 0 ? 1 : 0,
    writes: 'append',
  };
}

describe('list-append against exhaustive search', () => {
  it('rules out no level that some order of the transactions gives, and misses none when all was read', async () => {
    const broken = new Map<string, number>();
    let judgedWhole = 0;
    for (let seed = 0; seed < 10_000; seed++) {
      const history = historyOf(randomTransactions(shapeOf(seed)));
      const verdict = await listAppend().check(history);
      const possible = levelsByBruteForce(history, exact);
      const ruledOut = levelsIn(verdict);
      const wrong = ruledOut.filter((level) => possible.has(level as TwinLevel));
      expect([seed, 'wrongly ruled out', wrong, verdict.summary]).toEqual([
        seed,
        'wrongly ruled out',
        [],
        verdict.summary,
      ]);
      for (const level of exact) {
        if (!possible.has(level)) broken.set(level, (broken.get(level) ?? 0) + 1);
      }
      if (verdict.details?.unread !== 0) continue;
      judgedWhole++;
      const missed = exact.filter((level) => !possible.has(level) && !ruledOut.includes(level));
      expect([seed, 'missed', missed]).toEqual([seed, 'missed', []]);
    }
    expect(judgedWhole).toBeGreaterThan(1000);
    for (const level of exact) expect([level, broken.get(level)! > 100]).toEqual([level, true]);
  }, 300_000);

  it('rules out no weak level that a store keeps where all reads agree on the order', async () => {
    const weak: readonly TwinLevel[] = ['read-atomic', 'causal'];
    let [judged, broken] = [0, 0];
    for (let seed = 0; seed < 3000; seed++) {
      const history = historyOf(randomTransactions(shapeOf(seed)));
      const verdict = await listAppend().check(history);
      if (verdict.summary.includes('incompatible-order')) continue;
      const possible = levelsByBruteForce(history, weak);
      const wrong = levelsIn(verdict).filter((level) => possible.has(level as TwinLevel));
      expect([seed, wrong, verdict.summary]).toEqual([seed, [], verdict.summary]);
      judged++;
      if (levelsIn(verdict).includes('causal')) broken++;
    }
    expect(judged).toBeGreaterThan(2000);
    expect(broken).toBeGreaterThan(50);
  }, 120_000);
});

describe('list-append on a simulated store', () => {
  it.each([
    ['strict-serializable', 'strict-serializable', 'valid'],
    ['snapshot-isolation', 'strong-snapshot-isolation', 'valid'],
    ['snapshot-isolation', 'serializable', 'invalid'],
    ['read-committed', 'strong-read-committed', 'valid'],
    ['read-committed', 'consistent-view', 'invalid'],
    ['read-committed', 'read-atomic', 'invalid'],
  ] as const)('that keeps %s finds %s %s', async (isolation, consistency, expected) => {
    const run = { transactions: 10_000, clients: 20, keys: 10, appendsPerKey: 32 };
    const events = [...listEvents({ ...run, seed: 5, isolation, crashes: 0.01, failures: 0.02 })];
    const verdict = await listAppend({ consistency }).check(historyOf(events));
    expect([verdict.valid, verdict.summary]).toEqual([expected, verdict.summary]);
  });
});
