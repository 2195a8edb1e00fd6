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
  mostExamples,
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
  /** The accounts that every read must show, and no others; without them, any will do. */
  readonly accounts?: readonly string[];
  /** Whether a balance below zero convicts; it does by default. */
  readonly negativeBalances?: 'convict' | 'allow';
}

type Balances = readonly (readonly [string, number])[];

/** One bank's reads as they are gone through. */
interface Bank {
  readonly at: (event: OpEvent) => string;
  readonly wrongTotal: Tally;
  readonly negative: Tally;
  readonly wrongAccounts: Tally;
  readonly unreadable: OpEvent[];
}

/** What the reads of one bank are held against. */
interface Expected {
  readonly total: number;
  readonly accounts: ReadonlySet<string> | null;
}

/**
 * Money moves but is neither made nor lost: `transfer` takes `{ from, to, amount }`, `read` returns the
 * balances of all accounts, by account or as a list. Whether a transfer
 * crashed does not matter. Each key is a bank of its own. Time is linear in the balances read. After the `bank` test of Jepsen.
 */
export function bank(options: BankOptions = {}): Checker {
  const { total, negativeBalances = 'convict' } = options;
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
      const [wrongTotal, negative, wrongAccounts] = [createTally(), createTally(), createTally()];
      const tallies = { wrongTotal, negative, wrongAccounts };
      const looking: Bank = { at: clockOf(operations), ...tallies, unreadable: [] };
      const reservations: string[] = [];
      let reads = 0;
      for (const own of objectsOf(operations).values()) {
        const seen = own.map(successOf).filter((event) => event?.op === 'read');
        const readable = checkReads(looking, seen as readonly OpEvent[], options);
        reads += readable;
        if (total === undefined && readable === 1) {
          reservations.push('there was one read only, and no total given to hold it against');
        }
      }
      return verdictOf({
        checker: 'bank',
        convicting:
          negativeBalances === 'convict'
            ? { wrongTotal, negative, wrongAccounts }
            : { wrongTotal, wrongAccounts },
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
function checkReads(looking: Bank, reads: readonly OpEvent[], given: BankOptions): number {
  let expected: Expected | undefined;
  let judged = 0;
  for (const read of reads.toSorted((one, other) => one.index - other.index)) {
    const balances = balancesOf(read.value);
    const total = balances?.reduce((sum, [, balance]) => sum + balance, 0);
    if (balances === null || total === undefined || !Number.isSafeInteger(total)) {
      looking.unreadable.push(read);
      continue;
    }
    judged++;
    expected ??= {
      total: given.total ?? total,
      accounts: given.accounts === undefined ? null : new Set(given.accounts),
    };
    judgeTotal(looking, read, { total, expected: expected.total });
    const { accounts } = expected;
    if (accounts !== null) judgeAccounts(looking, read, { balances, accounts });
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

/** An account that is missing was not read at the same moment as the others. */
function judgeAccounts(
  { wrongAccounts, at }: Bank,
  read: OpEvent,
  { balances, accounts }: { readonly balances: Balances; readonly accounts: ReadonlySet<string> },
): void {
  const shown = new Set(balances.map(([account]) => account));
  const missing = [...accounts.difference(shown)];
  const strange = [...shown.difference(accounts)];
  if (missing.length + strange.length === 0) return;
  const words = [
    ...(missing.length > 0 ? [`without the accounts ${missing.slice(0, 8).join(', ')}`] : []),
    ...(strange.length > 0
      ? [`with the accounts ${strange.slice(0, 8).join(', ')}, which nobody expected`]
      : []),
  ];
  wrongAccounts.add({
    severity: missing.length + strange.length,
    words: `process ${read.process} read balances${keyWords(read)} at ${at(read)} ${words.join(' and ')}`,
    evidence: {
      index: read.index,
      missing: missing.slice(0, mostExamples),
      strange: strange.slice(0, mostExamples),
    },
  });
}

function judgeBalances({ negative, at }: Bank, read: OpEvent, balances: Balances): void {
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
function balancesOf(value: Json): Balances | null {
  if (value === null || typeof value !== 'object') return null;
  const entries = Object.entries(value) as [string, Json][];
  const numbers = entries.every(([, balance]) => Number.isSafeInteger(balance));
  return numbers && entries.length > 0 ? (entries as [string, number][]) : null;
}
