import type { Json } from '../../core/json.ts';
import { wordsOf } from '../models/value.ts';
import { type ListHistory, lastShown } from './list-graph.ts';
import { type Transactions, micro } from './transaction.ts';
import { nobody } from './version-order.ts';

/** How a history of lists is told. */
export interface ListWords {
  readonly element: (element: number) => string;
  /** What a micro-operation read: `[1, 2]`; long lists show how they begin and how they end. */
  readonly list: (each: number) => string;
  /** What a transaction did: `append x 3, read y [1, 2]`. */
  readonly label: (transaction: number) => string;
  /** Why the data put one transaction before another: `T1 appended 3 to x, and T2 read it`. */
  readonly why: (link: Link) => string;
}

/** A dependency of one transaction on another, and what they are called. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly names: readonly [string, string];
  readonly kind: 'ww' | 'wr' | 'rw';
}

/** Elements shown at each end of a list, and micro-operations shown of a transaction. */
const mostAtEnds = 4;
const mostShown = 12;

export function listWords(history: ListHistory): ListWords {
  const { transactions, lists } = history;
  const element = (one: number): string => wordsOf(lists.valueOf(one));
  const list = (each: number): string => listText(listAt(history, each).map(element));
  const label = (transaction: number): string => {
    const all = microsOf(transactions, transaction);
    const words = all.slice(0, mostShown).map((each) => {
      const key = keyName(transactions, each);
      const isRead = transactions.microKind[each] === micro.read;
      if (isRead) return `read ${key} ${list(each)}`;
      return `append ${key} ${element(transactions.microValue[each] ?? 0)}`;
    });
    const more = all.length - words.length;
    return more > 0 ? `${words.join(', ')} and ${more} more` : words.join(', ');
  };
  return { element, list, label, why: (link) => whyOf(history, { element, list }, link) };
}

function listText(elements: readonly string[]): string {
  if (elements.length <= 2 * mostAtEnds) return `[${elements.join(', ')}]`;
  const [first, last] = [elements.slice(0, mostAtEnds), elements.slice(-mostAtEnds)];
  return `[${first.join(', ')}, …, ${last.join(', ')}]`;
}

/** The elements that a micro-operation read, the transaction's own at the end included. */
function listAt({ transactions, lists }: ListHistory, each: number): readonly number[] {
  const { microKind, microKey, microValue } = transactions;
  const read = microValue[each] ?? 0;
  const timeline = lists.timelines[lists.readTimeline[read] ?? -1];
  const others = timeline?.elements.slice(0, lists.readLength[read]) ?? [];
  const own: number[] = [];
  for (let before = each - 1; own.length < (lists.readOwn[read] ?? 0); before--) {
    if (before < 0) throw new Error('expected own appends before a read that shows them, got none');
    const isAppend = microKind[before] === micro.append && microKey[before] === microKey[each];
    if (isAppend) own.unshift(microValue[before] ?? 0);
  }
  return [...others, ...own];
}

/** A key as people write it: `x`, `17`, or quoted where it holds anything else. */
export function keyName({ keys, microKey }: Transactions, each: number): string {
  return nameOf(keys[microKey[each] ?? 0] ?? null);
}

export function nameOf(key: Json): string {
  return typeof key === 'string' && /^[\w-]+$/.test(key) ? key : wordsOf(key);
}

/** The micro-operations of a transaction, by their numbers. */
export function microsOf({ microStart, microEnd }: Transactions, transaction: number): number[] {
  const [start, end] = [microStart[transaction] ?? 0, microEnd[transaction] ?? 0];
  return Array.from({ length: end - start }, (_, at) => start + at);
}

type Telling = Pick<ListWords, 'element' | 'list'>;

/** Graphs keep no reasons, so the reason is looked up again in the two transactions. */
function whyOf(history: ListHistory, telling: Telling, link: Link): string {
  const found =
    link.kind === 'ww'
      ? whyAfter(history, telling, link)
      : link.kind === 'wr'
        ? whyRead(history, telling, link)
        : whyMissed(history, telling, link);
  if (found !== null) return found;
  throw new Error(
    `expected a reason for the ${link.kind} dependency, found none; please report it`,
  );
}

function whyAfter({ transactions, versions }: ListHistory, telling: Telling, link: Link) {
  const [one, other] = link.names;
  for (const each of microsOf(transactions, link.to)) {
    if (transactions.microKind[each] !== micro.append) continue;
    const key = transactions.microKey[each] ?? 0;
    const appended = transactions.microValue[each] ?? 0;
    const start = versions.start[key] ?? 0;
    const end = versions.start[key + 1] ?? 0;
    const place = versions.position[appended] ?? -1;
    const before = place === -1 ? end - 1 : start + place - 1;
    if (before < start || versions.writer[versions.order[before] ?? 0] !== link.from) continue;
    const earlier = telling.element(versions.order[before] ?? 0);
    const name = keyName(transactions, each);
    const how = place === -1 ? 'no read shows it, so it came after' : 'next after';
    return `${other} appended ${telling.element(appended)} to ${name}, ${how} ${earlier} from ${one}`;
  }
  return null;
}

function whyRead(history: ListHistory, telling: Telling, link: Link): string | null {
  const { transactions, versions } = history;
  const [one, other] = link.names;
  for (const each of microsOf(transactions, link.to)) {
    if (transactions.microKind[each] !== micro.read) continue;
    const shown = lastShown(history, each);
    if (shown === null || versions.writer[shown] !== link.from) continue;
    return `${one} appended ${telling.element(shown)} to ${keyName(transactions, each)}, and ${other} read it`;
  }
  return null;
}

function whyMissed(history: ListHistory, telling: Telling, link: Link): string | null {
  const { transactions, versions } = history;
  const [one, other] = link.names;
  for (const each of microsOf(transactions, link.from)) {
    if (transactions.microKind[each] !== micro.read) continue;
    const read = transactions.microValue[each] ?? 0;
    const version = versions.versionOf(read);
    if (version === null) continue;
    const key = transactions.microKey[each] ?? 0;
    const missed = missedBy(history, { key, version, writer: link.to });
    if (missed === null) continue;
    const name = keyName(transactions, each);
    return `${one} read ${name} as ${telling.list(each)}, before ${other} appended ${telling.element(missed)}`;
  }
  return null;
}

/** The element that the writer put right after the version. */
function missedBy(
  { versions }: ListHistory,
  { key, version, writer }: { key: number; version: number; writer: number },
): number | null {
  const at = (versions.start[key] ?? 0) + version;
  const isLast = at === (versions.start[key + 1] ?? 0);
  const candidates = isLast ? (versions.unseen[key] ?? []) : [versions.order[at] ?? 0];
  return candidates.find((element) => (versions.writer[element] ?? nobody) === writer) ?? null;
}
