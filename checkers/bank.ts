import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { operationsOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import {
  type Tally,
  clockOf,
  createTally,
  evidenceOf,
  keyWords,
  objectsOf,
  strangersIn,
  successOf,
  withoutJudgement,
  verdictOf,
} from './findings.ts';
import { wordsOf } from './models/value.ts';

export interface BankOptions {
  /** What all balances must add up to; without it, what the first read saw. */
  readonly total?: number;
  /** Whether a balance below zero convicts; it does by default. */
  readonly negativeBalances?: 'convict' | 'allow';
}

/** One bank's reads as they are gone through. */
interface Bank {
  readonly at: (event: OpEvent) => string;
  readonly wrongTotal: Tally;
  readonly negative: Tally;
  readonly unreadable: OpEvent[];
}

/**
 * Money moves but is neither made nor lost: `transfer` takes `{ from, to, amount }`, `read` returns the
 * balances of all accounts, by account or as a list. Whether a transfer crashed does not matter. Each
 * key is a bank of its own. Time is linear in the balances read. After the `bank` test of Jepsen.
 */
export function bank({ total, negativeBalances = 'convict' }: BankOptions = {}): Checker {
  const summary =
    negativeBalances === 'convict'
      ? 'every read saw the same total, and no balance below zero'
      : 'every read saw the same total';
  return {
    name: 'bank',
    summary,
    check(history) {
      const operations = operationsOf(history);
      const stranger = strangersIn(operations, ['transfer', 'read']);
      if (stranger !== null) return withoutJudgement('bank', stranger);
      const [wrongTotal, negative] = [createTally(), createTally()];
      const looking = { at: clockOf(operations), wrongTotal, negative, unreadable: [] };
      const reservations: string[] = [];
      let reads = 0;
      for (const own of objectsOf(operations).values()) {
        const seen = own.map(successOf).filter((event) => event?.op === 'read');
        const readable = checkReads(looking, seen as readonly OpEvent[], total);
        reads += readable;
        if (total === undefined && readable === 1) {
          reservations.push('there was one read only, and no total given to hold it against');
        }
      }
      return verdictOf({
        checker: 'bank',
        convicting: negativeBalances === 'convict' ? { wrongTotal, negative } : { wrongTotal },
        reservations: [...reservations, ...reservationsOf(reads, looking)],
        praise: `${reads} reads, and ${summary}`,
        details: { reads, unreadable: looking.unreadable.length },
      });
    },
  };
}

function reservationsOf(reads: number, { unreadable, at }: Bank): string[] {
  const reservations: string[] = [];
  if (reads === 0) reservations.push('no read succeeded that could be judged');
  const [odd] = unreadable;
  if (odd !== undefined) {
    reservations.push(
      `expected reads to return balances that are safe integers, got ${wordsOf(odd.value)} at ${at(odd)}`,
    );
  }
  return reservations;
}

/** Judges the reads of one bank; returns how many could be judged. */
function checkReads(looking: Bank, reads: readonly OpEvent[], given: number | undefined): number {
  let expected = given;
  let judged = 0;
  for (const read of reads.toSorted((one, other) => one.index - other.index)) {
    const balances = balancesOf(read.value);
    const total = balances?.reduce((sum, [, balance]) => sum + balance, 0);
    if (balances === null || total === undefined || !Number.isSafeInteger(total)) {
      looking.unreadable.push(read);
      continue;
    }
    judged++;
    expected ??= total;
    judgeTotal(looking, read, { total, expected });
    judgeBalances(looking, read, balances);
  }
  return judged;
}

function judgeTotal(
  { wrongTotal, at }: Bank,
  read: OpEvent,
  { total, expected }: { readonly total: number; readonly expected: number },
): void {
  if (total === expected) return;
  wrongTotal.add({
    severity: Math.abs(total - expected),
    words: `process ${read.process} read a total${keyWords(read)} of ${total} at ${at(read)}, where ${expected} was expected`,
    evidence: { index: read.index, total, expected, balances: evidenceOf(read.value) },
  });
}

function judgeBalances(
  { negative, at }: Bank,
  read: OpEvent,
  balances: readonly (readonly [string, number])[],
): void {
  let least: readonly [string, number] | undefined;
  for (const each of balances) if (least === undefined || each[1] < least[1]) least = each;
  if (least === undefined || least[1] >= 0) return;
  const [account, balance] = least;
  negative.add({
    severity: -balance,
    words: `process ${read.process} read a balance of ${balance} in account ${account}${keyWords(read)} at ${at(read)}`,
    evidence: { index: read.index, account, balance },
  });
}

/** Account and balance; null where that is not what the read returned. */
function balancesOf(value: Json): readonly (readonly [string, number])[] | null {
  if (value === null || typeof value !== 'object') return null;
  const entries = Object.entries(value) as [string, Json][];
  const numbers = entries.every(([, balance]) => Number.isSafeInteger(balance));
  return numbers && entries.length > 0 ? (entries as [string, number][]) : null;
}
