import type { OpEvent } from '../../../core/event.ts';
import { historyOf } from '../../../core/history.ts';
import { rngOf } from '../../../core/rng.ts';
import type { Verdict } from '../../../core/verdict.ts';
import { isolation } from '../isolation.ts';
import { longFork } from '../long-fork.ts';
import { rwRegister } from '../rw-register.ts';
import { weakLevels } from '../weak-levels.ts';
import { levelsByBruteForce } from './brute-force.ts';
import { type TransactionsShape, randomTransactions, stores } from './random-transactions.ts';

/** One comparison of a checker with the twin that tries all orders. */
export interface TransactionAgreement {
  readonly events: readonly OpEvent[];
  /** What the checker came to: for counting which answers were reached. */
  readonly answer: string;
  /** What is wrong with it; null when checker and twin agree. */
  readonly wrong: string | null;
}

/** Small histories of all kinds of stores; a seed gives one. */
function shapeOf(seed: number): TransactionsShape {
  return {
    seed,
    transactions: 3 + (seed % 4),
    clients: 2 + (seed % 3),
    keys: 2 + (seed % 2),
    steps: 2 + ((seed >> 1) % 3),
    crashes: 0.08,
    failures: 0.05,
    store: stores[seed % stores.length]!,
    mutations: (seed >> 2) % 4,
    writes: 'w',
  };
}

function compareIsolation(seed: number): TransactionAgreement {
  const events = randomTransactions(shapeOf(seed));
  const twin = levelsByBruteForce(historyOf(events), weakLevels);
  const verdicts = weakLevels.map(
    (consistency) => isolation({ consistency }).check(historyOf(events)) as Verdict,
  );
  const wrong = weakLevels.find((level, at) => {
    const { valid } = verdicts[at]!;
    return valid !== 'unknown' && (valid === 'valid') !== twin.has(level);
  });
  const answer = `${(verdicts[0]?.details?.strongest as string | null) ?? 'nothing'} holds`;
  return {
    events,
    answer,
    wrong: wrong === undefined ? null : `${wrong}: the twin has ${[...twin].join(', ')}`,
  };
}

/** Levels of `rw-register` that have the same name and meaning for the twin. */
const strongLevels = [
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'serializable',
  'strong-session-snapshot-isolation',
  'strong-session-serializable',
  'strong-snapshot-isolation',
  'strict-serializable',
] as const;

function compareRwRegister(seed: number): TransactionAgreement {
  const events = randomTransactions(shapeOf(seed));
  const level = strongLevels[(seed >> 3) % strongLevels.length]!;
  const twin = levelsByBruteForce(historyOf(events), strongLevels);
  const verdict = rwRegister({ consistency: level }).check(historyOf(events)) as Verdict;
  const { ruledOut } = (verdict.details?.levels ?? { ruledOut: [] }) as {
    readonly ruledOut: readonly string[];
  };
  const slandered = strongLevels.filter((each) => twin.has(each) && ruledOut.includes(each));
  const { valid } = verdict;
  const disagrees = valid !== 'unknown' && (valid === 'valid') !== twin.has(level);
  // A small history is searched to the end; only for parallel snapshots is there no search.
  const shirks =
    valid === 'unknown' &&
    level !== 'parallel-snapshot-isolation' &&
    events.some(({ phase, value }) => phase === 'ok' && JSON.stringify(value).includes('"r"'));
  return {
    events,
    answer: `${level} ${valid}`,
    wrong:
      disagrees || shirks || slandered.length > 0
        ? `${level} is ${valid} (${verdict.summary}), ruled out are ${ruledOut.join(', ')}; the twin has ${[...twin].join(', ')}`
        : null,
  };
}

/** Keys of a group written once each, and reads of the group that saw any of them. */
function longForkHistory(seed: number): OpEvent[] {
  const rng = rngOf(seed);
  const keys = ['x', 'y', 'z'].slice(0, rng.int(2, 3));
  const order = rng.shuffle(keys);
  const transactions = [
    ...keys.map((key) => [['w', key, 1]]),
    ...Array.from({ length: rng.int(1, 5) }, () => {
      const until = rng.int(0, order.length);
      // Most reads see the writes in one order, so that forks are not the rule.
      const sees = (key: string): boolean =>
        rng.float() < 0.9 ? order.indexOf(key) < until : rng.float() < 0.5;
      return keys.map((key) => ['r', key, sees(key) ? 1 : null]);
    }),
  ];
  const invoked = transactions.map((value, process) => ({
    process,
    phase: 'invoke' as const,
    value,
  }));
  const ended = invoked.map((each) => ({ ...each, phase: 'ok' as const }));
  return [...invoked, ...ended].map((event, index) => ({
    index,
    timeNs: index,
    op: 'txn',
    ...event,
  }));
}

/** Forks of a single group are all that can keep such reads from being snapshots. */
function compareLongFork(seed: number): TransactionAgreement {
  const events = longForkHistory(seed);
  const twin = levelsByBruteForce(historyOf(events), ['snapshot-isolation']);
  const { valid } = longFork.check(historyOf(events)) as Verdict;
  const holds = twin.has('snapshot-isolation');
  const wrong = (valid === 'valid') === holds ? null : `${valid}, the twin says ${holds}`;
  return { events, answer: valid, wrong };
}

/** How to hold each checker of transactions against its twin: a seed is one comparison. */
export const transactionComparisons: Readonly<
  Record<string, (seed: number) => TransactionAgreement>
> = {
  isolation: compareIsolation,
  'rw-register': compareRwRegister,
  'long-fork': compareLongFork,
};
