import type {
  EvidenceDependency,
  EvidenceTransaction,
  TransactionCycle,
} from '../../core/evidence.ts';
import { anomalyOf } from './anomaly.ts';
import type { Cycle } from './path-finder.ts';
import { type Transactions, never, outcome } from './transaction.ts';

/** How a checker tells what its transactions did and why the data puts one before another. */
export interface Telling {
  readonly label: (transaction: number) => string;
  readonly why: (link: {
    readonly from: number;
    readonly to: number;
    readonly names: readonly [string, string];
    readonly kind: 'ww' | 'wr' | 'rw';
  }) => string;
}

/** Reasons that a summary tells; the dependencies have them all. */
const mostReasons = 6;

/** A cycle with its transactions, what they did, and in words why it closes. */
export function cycleEvidence(
  transactions: Transactions,
  telling: Telling,
  { cycle, anomaly = anomalyOf(cycle) }: { readonly cycle: Cycle; readonly anomaly?: string },
): TransactionCycle {
  return {
    anomaly,
    summary: cycleWords(transactions, telling, cycle),
    transactions: cycle.map(({ transaction }, at) => ({
      name: nameAt(cycle, at),
      ...transactionEvidence(transactions, transaction),
      label: telling.label(transaction),
    })),
    dependencies: cycle.map((_, at) => dependencyAt(transactions, telling, cycle, at)),
  };
}

/** Why a cycle closes, in one sentence without a full stop. */
export function cycleWords(transactions: Transactions, telling: Telling, cycle: Cycle): string {
  const told = cycle.slice(0, mostReasons);
  const reasons = told.map((_, at) => dependencyAt(transactions, telling, cycle, at).why);
  const more = cycle.length - reasons.length;
  return `${reasons.join('; ')}${more > 0 ? `; and ${more} more such steps` : ''}: ${circleOf(cycle)}`;
}

const nameAt = ({ length }: Cycle, at: number): string => `T${(at % length) + 1}`;

function dependencyAt(
  transactions: Transactions,
  telling: Telling,
  cycle: Cycle,
  at: number,
): EvidenceDependency {
  const from = cycle[at]?.transaction ?? 0;
  const to = cycle[(at + 1) % cycle.length]?.transaction ?? 0;
  const kind = cycle[at]?.kind ?? 'ww';
  const names = [nameAt(cycle, at), nameAt(cycle, at + 1)] as const;
  if (kind === 'process') return { kind, why: whyProcess(transactions, from, names) };
  if (kind === 'realtime') return { kind, why: whyRealTime(transactions, [from, to], names) };
  return { kind, why: telling.why({ from, to, names, kind }) };
}

function circleOf(cycle: Cycle): string {
  const last = nameAt(cycle, cycle.length - 1);
  if (cycle.length <= 2) return `so T1 comes before ${last}, and ${last} before T1`;
  return `so each comes before the next, and ${last} before T1`;
}

/** Who did it, when, and how it ended. */
export function transactionEvidence(
  transactions: Transactions,
  at: number,
): Omit<EvidenceTransaction, 'name' | 'label'> {
  const how = transactions.outcome[at];
  return {
    process: transactions.process[at] ?? 0,
    node: transactions.nodeOf(at),
    phase: how === outcome.ok ? 'ok' : how === outcome.fail ? 'fail' : 'info',
    callNs: transactions.callNs[at] ?? 0,
    returnNs: transactions.returnAt[at] === never ? null : (transactions.returnNs[at] ?? 0),
  };
}

/** A moment in words: seconds from the start, or the place of the event where there are no times. */
export function momentWords({ timed }: Transactions, timeNs: number): string {
  return timed ? `${(timeNs / 1e9).toFixed(3)} s` : `event ${timeNs}`;
}

/** `the transaction of process 3 at 0.120 s`. */
export function transactionWords(transactions: Transactions, at: number): string {
  const moment = momentWords(transactions, transactions.callNs[at] ?? 0);
  return `the transaction of process ${transactions.process[at] ?? 0} at ${moment}`;
}

function whyProcess(
  { process }: Transactions,
  from: number,
  [one, other]: readonly [string, string],
): string {
  return `process ${process[from] ?? 0} did ${one} before ${other}`;
}

function whyRealTime(
  transactions: Transactions,
  [from, to]: readonly [number, number],
  [one, other]: readonly [string, string],
): string {
  const over = momentWords(transactions, transactions.returnNs[from] ?? 0);
  const began = momentWords(transactions, transactions.callNs[to] ?? 0);
  return `${one} was over at ${over}, before ${other} began at ${began}`;
}
