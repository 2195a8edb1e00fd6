import type { Anomalies } from './judgement.ts';
import { transactionWords } from './evidence.ts';
import type { ListHistory } from './list-graph.ts';
import { type ListWords, keyName } from './list-words.ts';
import { micro } from './transaction.ts';

/**
 * Whether each transaction agrees with itself (axiom INT of Cerone, Bernardi & Gotsman 2015): a read shows
 * what the transaction read of the key before, followed by all that it appended to it by then, and
 * nothing that it appends only later.
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

/** What a transaction knows of a key: the micro-operation that read it last, and its own elements. */
interface Known {
  lastRead: number | null;
  readonly own: number[];
}

function judgeForward({ history, words, anomalies, at, start, end }: One): void {
  const { transactions } = history;
  const keys = new Map<number, Known>();
  for (let each = start; each < end; each++) {
    const key = transactions.microKey[each] ?? 0;
    let known = keys.get(key);
    if (known === undefined) keys.set(key, (known = { lastRead: null, own: [] }));
    if (transactions.microKind[each] !== micro.read) {
      known.own.push(transactions.microValue[each] ?? 0);
      continue;
    }
    const twice = known.own.find((element) =>
      shows(history, transactions.microValue[each] ?? 0, element),
    );
    if (twice !== undefined) {
      anomalies.add('duplicate-elements', [at], () => {
        const [name, list] = [keyName(transactions, each), words.list(each)];
        return `${transactionWords(transactions, at)} read ${name} as ${list}, with its own ${words.element(twice)} among what others had appended`;
      });
    }
    if (!agrees(history, known, each)) {
      const [name, list] = [keyName(transactions, each), words.list(each)];
      const before = tellKnown(words, known);
      anomalies.add(
        'internal',
        [at],
        () => `${transactionWords(transactions, at)} read ${name} as ${list} after it ${before}`,
      );
    }
    known.lastRead = each;
  }
}

function agrees(
  { transactions, lists }: ListHistory,
  { lastRead, own }: Known,
  each: number,
): boolean {
  const read = transactions.microValue[each] ?? 0;
  if (lists.readOwn[read] !== own.length) return false;
  if (lastRead === null) return true;
  const earlier = transactions.microValue[lastRead] ?? 0;
  const length = lists.readLength[read] ?? 0;
  if (lists.readLength[earlier] !== length) return false;
  const [one, other] = [lists.readTimeline[earlier] ?? -1, lists.readTimeline[read] ?? -1];
  if (one === other) return true;
  const elements = lists.timelines[one]?.elements ?? [];
  const others = lists.timelines[other]?.elements ?? [];
  for (let at = 0; at < length; at++) if (elements[at] !== others[at]) return false;
  return true;
}

function tellKnown(words: ListWords, { lastRead, own }: Known): string {
  const appended = own.length > 0 ? [`appended ${own.map(words.element).join(', ')}`] : [];
  return [...appended, ...(lastRead === null ? [] : [`read ${words.list(lastRead)}`])].join(
    ' and ',
  );
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
    anomalies.add('future-read', [at], () => {
      const [name, list] = [keyName(transactions, each), words.list(each)];
      return `${transactionWords(transactions, at)} read ${name} as ${list}, before it appended ${words.element(early)} itself`;
    });
  }
}

function shows({ lists, versions }: ListHistory, read: number, element: number): boolean {
  const version = versions.versionOf(read);
  const place = versions.position[element] ?? -1;
  if (version !== null) return place !== -1 && place < version;
  const at = lists.timelines[lists.readTimeline[read] ?? -1]?.elements.indexOf(element) ?? -1;
  return at !== -1 && at < (lists.readLength[read] ?? 0);
}
