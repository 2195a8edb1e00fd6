import { transactionWords } from './evidence.ts';
import type { Anomalies } from './judgement.ts';
import type { ListHistory } from './list-graph.ts';
import { type ListWords, keyName, nameOf } from './list-words.ts';
import { micro, outcome } from './transaction.ts';
import { nobody } from './version-order.ts';

/** A transaction that both read a key and appended to it. */
interface Update {
  readonly transaction: number;
  /** The micro-operation that read the key first. */
  readonly each: number;
  readonly version: number;
  /** The first element that it appended. */
  readonly element: number;
}

/**
 * Updates that were made without regard to each other. *Lost update*: two transactions read the same
 * version of a key and both appended to it, whether or not a read ever showed what they appended (Elle;
 * Bailis et al. 2013). *G-cursor*: another transaction appended between the version that one read and
 * what it appended itself (Adya 1999, section 4.5.1); where that one had read it too, it is a lost update.
 */
export function judgeUpdates(history: ListHistory, words: ListWords, anomalies: Anomalies): void {
  const { transactions, versions } = history;
  const firstOf = new Uint32Array(versions.order.length + transactions.keys.length);
  const lost = new Set<number>();
  const single: Update[] = [];
  for (const update of updatesOf(history)) {
    const key = transactions.microKey[update.each] ?? 0;
    const place = (versions.start[key] ?? 0) + key + update.version;
    const first = firstOf[place] ?? 0;
    if (first === 0) firstOf[place] = update.transaction + 1;
    else {
      lost.add(update.transaction).add(first - 1);
      anomalies.add('lost-update', [first - 1, update.transaction], () => {
        const both = [first - 1, update.transaction].map((at) =>
          transactionWords(transactions, at),
        );
        const name = keyName(transactions, update.each);
        return `${both.join(' and ')} both read ${name} as ${words.list(update.each)} and appended to it`;
      });
    }
    if (overtakenBy(history, update) !== null) single.push(update);
  }
  for (const update of single) {
    if (lost.has(update.transaction)) continue;
    anomalies.add('G-cursor', [update.transaction], () => tellCursor(history, words, update));
  }
}

/** A read behind own appends shows what the transaction appended to, just as one before them does. */
function* updatesOf({ transactions, versions }: ListHistory): Generator<Update> {
  const {
    count,
    outcome: how,
    microStart,
    microEnd,
    microKind,
    microKey,
    microValue,
  } = transactions;
  for (let transaction = 0; transaction < count; transaction++) {
    const [start, end] = [microStart[transaction] ?? 0, microEnd[transaction] ?? 0];
    if (how[transaction] !== outcome.ok || end - start < 2) continue;
    const reads = new Map<number, number>();
    const appends = new Map<number, number>();
    for (let each = start; each < end; each++) {
      const [key, value] = [microKey[each] ?? 0, microValue[each] ?? 0];
      const isRead = microKind[each] === micro.read;
      if (isRead && !reads.has(key)) reads.set(key, each);
      if (!isRead && !appends.has(key)) appends.set(key, value);
    }
    for (const [key, element] of appends) {
      const each = reads.get(key);
      const version = each === undefined ? null : versions.versionOf(microValue[each] ?? 0);
      if (each !== undefined && version !== null) yield { transaction, each, version, element };
    }
  }
}

/** What another transaction appended right after the version that was read, if it was before its own. */
function overtakenBy({ transactions, versions }: ListHistory, update: Update): number | null {
  const key = transactions.microKey[update.each] ?? 0;
  const start = versions.start[key] ?? 0;
  const place = versions.position[update.element] ?? -1;
  const end = place === -1 ? (versions.start[key + 1] ?? 0) : start + place;
  for (let at = start + update.version; at < end; at++) {
    const element = versions.order[at] ?? 0;
    if ((versions.writer[element] ?? nobody) !== update.transaction) return element;
  }
  return null;
}

function tellCursor(history: ListHistory, words: ListWords, update: Update): string {
  const { transactions, versions } = history;
  const other = overtakenBy(history, update) ?? 0;
  const name = keyName(transactions, update.each);
  const by = transactionWords(transactions, versions.writer[other] ?? 0);
  return `${transactionWords(transactions, update.transaction)} read ${name} as ${words.list(update.each)} and appended ${words.element(update.element)}, but ${by} had appended ${words.element(other)} in between`;
}

/** Committed transactions that appended to a list which already held what an aborted one had appended. */
export function judgeDirtyUpdates(
  history: ListHistory,
  words: ListWords,
  anomalies: Anomalies,
): void {
  const { transactions, versions } = history;
  transactions.keys.forEach((name, key) => {
    let aborted: number | null = null;
    for (const element of versions.main(key)?.elements ?? []) {
      const writer = versions.writer[element] ?? nobody;
      if (transactions.outcome[writer] === outcome.fail) aborted = element;
      if (aborted === null || versions.committed[writer] !== 1) continue;
      const [bad, good] = [aborted, element];
      aborted = null;
      const before = versions.writer[bad] ?? 0;
      anomalies.add('dirty-update', [before, writer], () => {
        const who = transactionWords(transactions, before);
        return `${transactionWords(transactions, writer)} appended ${words.element(good)} to ${nameOf(name)} behind ${words.element(bad)}, which ${who} had appended and which failed`;
      });
    }
  });
}
