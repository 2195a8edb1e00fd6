import { describe, expect, it } from 'vitest';
import type { OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { rngOf } from '../../core/rng.ts';
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

/** Cuts the last read of a transaction short, which has it miss what it may have seen something of. */
function withReadCut(events: readonly OpEvent[], seed: number): OpEvent[] {
  const rng = rngOf(seed, 'cut');
  const done = events.filter(({ phase }) => phase === 'ok');
  const cut = done.length === 0 ? undefined : rng.pick(done);
  return events.map((event) => {
    const micros = event.value as readonly (readonly Json[])[];
    const last = micros.findLastIndex(([kind]) => kind === 'r');
    const [kind = null, key = null, value] = micros[last] ?? [];
    if (event !== cut || !Array.isArray(value)) return event;
    const list = (value as readonly Json[]).slice(0, rng.int(0, value.length - 1));
    return { ...event, value: micros.with(last, [kind, key, list]) };
  });
}

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
    const weak: readonly TwinLevel[] = ['monotonic-atomic-view', 'read-atomic', 'causal'];
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

  it('rules out a monotonic atomic view only where there is none', async () => {
    const level = 'monotonic-atomic-view';
    const counts = { kept: 0, vanished: 0 };
    for (let seed = 0; seed < 6000; seed++) {
      const shape = { ...shapeOf(seed), keys: 2, steps: 4, clients: 3, mutations: 0 };
      const events = randomTransactions({ ...shape, crashes: 0, failures: 0 });
      const history = historyOf(withReadCut(events, seed));
      const { details, summary } = await listAppend().check(history);
      // Of a transaction that does not see itself the twin allows nothing, and this level says nothing.
      if (/incompatible-order|internal/.test(summary) || details === undefined) continue;
      const isKept = levelsByBruteForce(history, [level]).has(level);
      const { ruledOut } = details.levels as { readonly ruledOut: readonly string[] };
      const isOut = ruledOut.includes(level);
      expect([seed, isKept && isOut, summary]).toEqual([seed, false, summary]);
      if (isKept) counts.kept++;
      else if (details.OTV !== undefined) counts.vanished++;
    }
    expect(counts.kept).toBeGreaterThan(100);
    expect(counts.vanished).toBeGreaterThan(20);
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
