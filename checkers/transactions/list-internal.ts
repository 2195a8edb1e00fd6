import type { Anomalies } from './judgement.ts';
import { transactionWords } from './evidence.ts';
import type { ListHistory } from './list-graph.ts';
import { type ListWords, keyName } from './list-words.ts';
import { micro } from './transaction.ts';

/** What a transaction knows of a key: its last read, if it read, and what it appended since. */
interface Known {
  readonly read: number | null;
  readonly own: number[];
}

/**
 * Whether each transaction agrees with itself (axiom INT of Cerone, Bernardi & Gotsman 2015): a read shows
 * what the transaction read of the key before, followed by what it appended since, and nothing that it
 * appends only later.
 */
export function judgeInternal(history: ListHistory, words: ListWords, anomalies: Anomalies): void {
  const { transactions } = history;
  for (let at = 0; at < transactions.count; at++) {
    const [start, end] = [transactions.microStart[at] ?? 0, transactions.microEnd[at] ?? 0];
    if (end - start < 2) continue;
    judgeForward({ history, words, anomalies, at, start, end });
    judgeBackward({ history, words, anomalies, at, start, end });
  }
}

interface One {
  readonly history: ListHistory;
  readonly words: ListWords;
  readonly anomalies: Anomalies;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

function judgeForward({ history, words, anomalies, at, start, end }: One): void {
  const { transactions } = history;
  const known = new Map<number, Known>();
  for (let each = start; each < end; each++) {
    const [key, value] = [transactions.microKey[each] ?? 0, transactions.microValue[each] ?? 0];
    const before = known.get(key);
    if (transactions.microKind[each] !== micro.read) {
      if (before === undefined) known.set(key, { read: null, own: [value] });
      else before.own.push(value);
      continue;
    }
    if (before !== undefined && !agrees(history, before, value)) {
      const [name, list] = [keyName(transactions, each), words.list(value)];
      anomalies.add(
        'internal',
        [at],
        () =>
          `${transactionWords(transactions, at)} read ${name} as ${list} after it ${tellKnown(words, before)}`,
      );
    }
    known.set(key, { read: value, own: [] });
  }
}

function agrees({ lists }: ListHistory, { read, own }: Known, value: number): boolean {
  const length = lists.readLength[value] ?? 0;
  const shown = lists.timelines[lists.readTimeline[value] ?? -1]?.elements ?? [];
  const prefix = length - own.length;
  if (prefix < 0 || own.some((element, at) => shown[prefix + at] !== element)) return false;
  if (read === null) return true;
  if (lists.readLength[read] !== prefix) return false;
  const earlier = lists.timelines[lists.readTimeline[read] ?? -1]?.elements ?? [];
  if (earlier === shown) return true;
  for (let at = 0; at < prefix; at++) if (earlier[at] !== shown[at]) return false;
  return true;
}

function tellKnown(words: ListWords, { read, own }: Known): string {
  const appended = own.length > 0 ? [`appended ${own.map(words.element).join(', ')}`] : [];
  return [...(read === null ? [] : [`read ${words.list(read)}`]), ...appended].join(' and ');
}

function judgeBackward({ history, words, anomalies, at, start, end }: One): void {
  const { transactions } = history;
  const later = new Map<number, number[]>();
  for (let each = end - 1; each >= start; each--) {
    const [key, value] = [transactions.microKey[each] ?? 0, transactions.microValue[each] ?? 0];
    if (transactions.microKind[each] !== micro.read) {
      const own = later.get(key);
      if (own === undefined) later.set(key, [value]);
      else own.push(value);
      continue;
    }
    const early = (later.get(key) ?? []).find((element) => shows(history, value, element));
    if (early === undefined) continue;
    const [name, list] = [keyName(transactions, each), words.list(value)];
    anomalies.add(
      'future-read',
      [at],
      () =>
        `${transactionWords(transactions, at)} read ${name} as ${list}, before it appended ${words.element(early)} itself`,
    );
  }
}

function shows({ lists, versions }: ListHistory, read: number, element: number): boolean {
  const version = versions.versionOf(read);
  const place = versions.position[element] ?? -1;
  if (version !== null) return place !== -1 && place < version;
  const at = lists.timelines[lists.readTimeline[read] ?? -1]?.elements.indexOf(element) ?? -1;
  return at !== -1 && at < (lists.readLength[read] ?? 0);
}
