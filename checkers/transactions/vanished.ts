import { transactionWords } from './evidence.ts';
import type { Anomalies } from './judgement.ts';
import { type ListHistory, lastShown } from './list-graph.ts';
import { type ListWords, keyName } from './list-words.ts';
import { keyWords } from './register-words.ts';
import { initial } from './registers.ts';
import { type Transactions, micro, outcome } from './transaction.ts';
import { nobody } from './version-order.ts';
import type { Accesses } from './weak-order.ts';

/**
 * Observed transaction vanishes (OTV; Bailis et al., "Highly Available Transactions: Virtues and
 * Limitations", VLDB 2013): a transaction saw something of another one, and later missed something else that
 * the same one did. What it missed before it saw anything is no matter here. Seen is who wrote the version that
 * was read, as in Adya's read dependencies; not everybody whose elements a list shows before its last.
 */
export function judgeVanished(history: ListHistory, words: ListWords, anomalies: Anomalies): void {
  const { transactions, versions } = history;
  eachCommitted(transactions, (reader, reads) => {
    const observed = createObserved();
    for (const each of reads) {
      const key = transactions.microKey[each] ?? 0;
      const version = versions.versionOf(transactions.microValue[each] ?? 0);
      const gone = version === null ? null : observed.missing(key, version);
      if (gone !== null) {
        anomalies.add('OTV', [gone, reader], () => {
          const [who, other] = [reader, gone].map((at) => transactionWords(transactions, at));
          const name = keyName(transactions, each);
          return `${who} had seen what ${other} did, and then read ${name} as ${words.list(each)}, without it`;
        });
      }
      const source = versions.writer[lastShown(history, each) ?? -1] ?? nobody;
      if (source === nobody || source === reader) continue;
      for (const [its, needed] of leftBy(history, source)) observed.add(its, needed, source);
    }
  });
}

/** The least version of each key that has all that a transaction appended; more than any where nobody saw it. */
function* leftBy(
  { transactions, versions }: ListHistory,
  source: number,
): Generator<readonly [key: number, version: number]> {
  const end = transactions.microEnd[source] ?? 0;
  for (let each = transactions.microStart[source] ?? 0; each < end; each++) {
    if (transactions.microKind[each] !== micro.append) continue;
    const place = versions.position[transactions.microValue[each] ?? 0] ?? -1;
    yield [transactions.microKey[each] ?? 0, place < 0 ? Infinity : place + 1];
  }
}

/** The same for registers, of which only the initial value is known to be older than any other. */
export function judgeVanishedRegisters(accesses: Accesses, anomalies: Anomalies): void {
  const { registers, reads, writes } = accesses;
  const { transactions, writer, keyOf } = registers;
  for (let reader = 0; reader < transactions.count; reader++) {
    const observed = createObserved();
    const end = reads.start[reader + 1] ?? 0;
    for (let each = reads.start[reader] ?? 0; each < end; each++) {
      const [key, version] = [reads.key[each] ?? 0, reads.version[each] ?? initial];
      const gone = version === initial ? observed.missing(key, 0) : null;
      if (gone !== null) {
        anomalies.add('OTV', [gone, reader], () => {
          const [who, other] = [reader, gone].map((at) => transactionWords(transactions, at));
          return `${who} had seen what ${other} did, and then read the first value of ${keyWords(registers, key)}, which that one replaced`;
        });
      }
      const source = version === initial ? nobody : (writer[version] ?? nobody);
      if (source === nobody) continue;
      const { start, rows } = writes.byWriter;
      for (const left of rows.subarray(start[source] ?? 0, start[source + 1] ?? 0)) {
        observed.add(keyOf[left] ?? 0, 1, source);
      }
    }
  }
}

/** What one transaction has to see from now on. */
interface Observed {
  add(key: number, version: number, source: number): void;
  /** Whose work is missing in a version of a key; null where nothing is. */
  missing(key: number, version: number): number | null;
}

function createObserved(): Observed {
  const needed = new Map<number, { readonly version: number; readonly source: number }>();
  return {
    add(key, version, source) {
      const known = needed.get(key);
      if (known === undefined || known.version < version) needed.set(key, { version, source });
    },
    missing(key, version) {
      const known = needed.get(key);
      return known !== undefined && version < known.version ? known.source : null;
    },
  };
}

/** The reads of each committed transaction that made more than one. */
function eachCommitted(
  { count, microStart, microEnd, microKind, outcome: how }: Transactions,
  take: (transaction: number, reads: readonly number[]) => void,
): void {
  for (let at = 0; at < count; at++) {
    if (how[at] !== outcome.ok) continue;
    const reads: number[] = [];
    const end = microEnd[at] ?? 0;
    for (let each = microStart[at] ?? 0; each < end; each++) {
      if (microKind[each] === micro.read) reads.push(each);
    }
    if (reads.length > 1) take(at, reads);
  }
}
