import type { CheckContext, Checker } from '../../core/checker.ts';
import type { History } from '../../core/history.ts';
import type { Verdict } from '../../core/verdict.ts';
import { withoutJudgement } from '../findings.ts';
import { wordsOf } from '../models/value.ts';
import { type Work, withinLimits } from '../work.ts';
import { cycleStepsDefault, searchCycles } from './cycle-search.ts';
import { stintFor } from './dependency-graph.ts';
import { createAnomalies, transactionVerdict } from './judgement.ts';
import { type Level, levelNamed } from './levels.ts';
import { type ListHistory, listGraph } from './list-graph.ts';
import { judgeInternal } from './list-internal.ts';
import { judgeReads } from './list-reads.ts';
import { judgeDirtyUpdates, judgeUpdates } from './list-updates.ts';
import { createListValues } from './list-values.ts';
import { listWords } from './list-words.ts';
import { micro, readTransactions } from './transaction.ts';
import { judgeVanished } from './vanished.ts';
import { orderVersions } from './version-order.ts';

export interface ListAppendOptions {
  /** The level that the system promises, `strict-serializable` by default; one of `levels`. */
  readonly consistency?: string;
}

const judges = [judgeReads, judgeInternal, judgeUpdates, judgeDirtyUpdates, judgeVanished] as const;

const levelDefault: Level = 'strict-serializable';

/**
 * Transactions that append to lists and read them whole: `txn` of `["append", key, element]` and
 * `["r", key, list]`. An element is appended to a key once, so that a list tells who wrote each version
 * of the key and in which order; from that follow the dependencies between transactions and the
 * anomalies of Adya. After Elle: Kingsbury & Alvaro, "Elle: Inferring Isolation Anomalies from
 * Experimental Observations" (VLDB 2020). Time is linear in the size of the history.
 */
export function listAppend({ consistency = levelDefault }: ListAppendOptions = {}): Checker {
  const level = levelNamed(consistency);
  return {
    name: 'list-append',
    summary: `no read of the lists contradicts that transactions were ${level}`,
    check: (history, context = {}) =>
      withinLimits('list-append', context, judge(history, level, context)),
  };
}

function* judge(
  history: History,
  level: Level,
  { maxSteps = cycleStepsDefault }: CheckContext,
): Work<Verdict> {
  const read = yield* readLists(history);
  const problem = problemWith(read);
  if (problem !== null) return withoutJudgement('list-append', problem);
  const telling = listWords(read);
  const anomalies = createAnomalies();
  const parts = read.transactions.microKind.length;
  for (const judgeEach of judges) {
    judgeEach(read, telling, anomalies);
    yield { steps: 10 * parts };
  }
  const graph = listGraph(read);
  yield stintFor(graph);
  return transactionVerdict({
    checker: 'list-append',
    consistency: level,
    transactions: read.transactions,
    anomalies,
    cycles: yield* searchCycles(graph, { steps: maxSteps }),
    telling,
    reservations: read.transactions.microKind.includes(micro.read)
      ? []
      : ['no transaction that read anything is known to have committed'],
    details: { keys: read.transactions.keys.length, unread: unreadIn(read) },
  });
}

function* readLists(history: History): Work<ListHistory> {
  const values = createListValues();
  const transactions = yield* readTransactions(history, values);
  yield { steps: 10 * transactions.microKind.length };
  const lists = values.finish();
  return { transactions, lists, versions: orderVersions(transactions, lists) };
}

/** Why nothing can be concluded, or null. */
function problemWith({ transactions, lists, versions }: ListHistory): string | null {
  if (transactions.problem !== null) return transactions.problem;
  if (versions.appendedTwice === null) return null;
  const element = wordsOf(lists.valueOf(versions.appendedTwice));
  return `expected each element to be appended once to a key, got ${element} appended twice: reads do not say whose append they saw`;
}

/** Elements of committed transactions that no read showed, so that their place is not known. */
function unreadIn({ versions: { unseen } }: ListHistory): number {
  return unseen.reduce((sum, { length }) => sum + length, 0);
}
