import type { OpEvent } from '../../../core/event.ts';
import { historyOf } from '../../../core/history.ts';
import type { Verdict } from '../../../core/verdict.ts';
import { isolation } from '../isolation.ts';
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

/** How to hold each checker of transactions against its twin: a seed is one comparison. */
export const transactionComparisons: Readonly<
  Record<string, (seed: number) => TransactionAgreement>
> = {
  isolation: compareIsolation,
  'rw-register': compareRwRegister,
};
