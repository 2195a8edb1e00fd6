import { wordsOf } from '../models/value.ts';
import { transactionWords } from './evidence.ts';
import { keyName, microsOf, nameOf } from './list-words.ts';
import type { FaultyRead } from './register-reads.ts';
import { type Registers, initial } from './registers.ts';
import { micro } from './transaction.ts';

/** Micro-operations shown of a transaction. */
const mostShown = 12;

/** What a transaction did: `write x 3, read y 1`. */
export function registerLabel(registers: Registers, transaction: number): string {
  const { transactions, valueOf } = registers;
  const all = microsOf(transactions, transaction);
  const words = all.slice(0, mostShown).map((each) => {
    const verb = transactions.microKind[each] === micro.read ? 'read' : 'write';
    const value = wordsOf(valueOf(transactions.microValue[each] ?? initial));
    return `${verb} ${keyName(transactions, each)} ${value}`;
  });
  const more = all.length - words.length;
  return more > 0 ? `${words.join(', ')} and ${more} more` : words.join(', ');
}

/** The name of a key by its number. */
export function keyWords({ transactions }: Registers, key: number): string {
  return nameOf(transactions.keys[key] ?? null);
}

/** A dependency of one transaction on another, and what they are called. */
export interface RegisterLink {
  readonly from: number;
  readonly to: number;
  readonly names: readonly [string, string];
}

/** `T1 wrote 3 to x, and T2 read it`. */
export function whyRead(registers: Registers, { from, to, names: [one, other] }: RegisterLink) {
  const { transactions, writer, valueOf } = registers;
  for (const each of microsOf(transactions, to)) {
    const version = transactions.microValue[each] ?? initial;
    if (transactions.microKind[each] !== micro.read || writer[version] !== from) continue;
    return `${one} wrote ${wordsOf(valueOf(version))} to ${keyName(transactions, each)}, and ${other} read it`;
  }
  throw new Error(
    'expected a read of what the other transaction wrote, found none; please report it',
  );
}

/** What is wrong with a read by itself, as a sentence. */
export function faultWords(registers: Registers, faulty: FaultyRead): string {
  const { fault, transaction, key, version, expected } = faulty;
  const value = (of: number): string => wordsOf(registers.valueOf(of));
  const reader = transactionWords(registers.transactions, transaction);
  const read = `${reader} read ${keyWords(registers, key)} as ${value(version)}`;
  const writer = (): string =>
    transactionWords(registers.transactions, registers.writer[version] ?? 0);
  switch (fault) {
    case 'garbage-read':
      return `${read}, which nobody wrote`;
    case 'G1a':
      return `${read}, which ${writer()} wrote that failed`;
    case 'G1b':
      return `${read}, which ${writer()} wrote and then replaced`;
    case 'internal':
      return `${read} after it had itself written ${value(expected ?? initial)}`;
    case 'future-read':
      return `${read}, which it wrote only later`;
    case 'unrepeatable':
      return `${read} after it had read it as ${value(expected ?? initial)}`;
  }
}
