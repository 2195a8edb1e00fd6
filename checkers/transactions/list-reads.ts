import type { PlainAnomaly } from './anomaly.ts';
import type { Anomalies } from './judgement.ts';
import { transactionWords } from './evidence.ts';
import { type ListHistory, lastShown } from './list-graph.ts';
import type { Timeline } from './list-values.ts';
import { type ListWords, keyName } from './list-words.ts';
import { micro, outcome } from './transaction.ts';
import { nobody } from './version-order.ts';

/** What is wrong with a list from some length on; Infinity where nothing is. */
interface Faults {
  readonly garbage: number;
  readonly duplicate: number;
  readonly aborted: number;
  readonly incompatible: number;
  readonly misplaced: number;
}

/** What each read shows by itself: values from nowhere, twice, from aborted transactions, and so on. */
export function judgeReads(history: ListHistory, words: ListWords, anomalies: Anomalies): void {
  const { transactions, lists } = history;
  const faults = lists.timelines.map((timeline) => faultsOf(history, timeline));
  for (let at = 0; at < transactions.count; at++) {
    for (
      let each = transactions.microStart[at] ?? 0;
      each < (transactions.microEnd[at] ?? 0);
      each++
    ) {
      if (transactions.microKind[each] !== micro.read) continue;
      const read = transactions.microValue[each] ?? 0;
      const number = lists.readTimeline[read] ?? -1;
      const fault = faults[number];
      if (fault === undefined) continue;
      const reading = { history, words, anomalies, transaction: at, each, read };
      judgeFaults(reading, fault);
      judgeOwnOrder(reading, fault);
      judgeLast(reading);
    }
  }
}

interface Reading {
  readonly history: ListHistory;
  readonly words: ListWords;
  readonly anomalies: Anomalies;
  readonly transaction: number;
  readonly each: number;
  readonly read: number;
}

function faultsOf({ transactions, versions }: ListHistory, timeline: Timeline): Faults {
  const { elements } = timeline;
  const main = versions.main(timeline.key)?.elements ?? [];
  const lengthAt = (test: (element: number, at: number) => boolean): number => {
    const at = elements.findIndex(test);
    return at === -1 ? Infinity : at + 1;
  };
  const places = new Map<number, number>();
  elements.forEach((element, at) => {
    if (!places.has(element)) places.set(element, at);
  });
  const isBehind = (element: number, at: number): boolean => (places.get(element) ?? at) < at;
  return {
    garbage: lengthAt((element) => versions.writer[element] === nobody),
    duplicate: lengthAt(isBehind),
    aborted: lengthAt(
      (element) => transactions.outcome[versions.writer[element] ?? nobody] === outcome.fail,
    ),
    incompatible: elements === main ? Infinity : lengthAt((element, at) => element !== main[at]),
    misplaced: lengthAt((element, at) => {
      const before = versions.ownBefore[element] ?? -1;
      return before !== -1 && !isBehind(before, at);
    }),
  };
}

function judgeFaults(reading: Reading, faults: Faults): void {
  const { history, words, read } = reading;
  const { transactions, lists, versions } = history;
  const length = lists.readLength[read] ?? 0;
  const timeline = lists.timelines[lists.readTimeline[read] ?? -1];
  const elementAt = (place: number): string => words.element(timeline?.elements[place - 1] ?? 0);
  if (length >= faults.garbage) {
    report(reading, 'garbage-read', `but nobody appended ${elementAt(faults.garbage)}`);
  }
  if (length >= faults.duplicate) {
    report(reading, 'duplicate-elements', `with ${elementAt(faults.duplicate)} twice`);
  }
  if (length >= faults.aborted) {
    const by = versions.writer[timeline?.elements[faults.aborted - 1] ?? 0] ?? 0;
    const who = transactionWords(transactions, by);
    report(reading, 'G1a', `but ${who}, which appended ${elementAt(faults.aborted)}, had failed`);
  }
  if (length >= faults.incompatible) {
    const other = versions.main(timeline?.key ?? 0)?.elements[faults.incompatible - 1] ?? 0;
    const [mine, theirs] = [elementAt(faults.incompatible), words.element(other)];
    report(
      reading,
      'incompatible-order',
      `with ${mine} at place ${faults.incompatible}, where a longer read had ${theirs}`,
    );
  }
}

/** The appends of one transaction to one key, in another order than it made them in, or some without others. */
function judgeOwnOrder(reading: Reading, { misplaced }: Faults): void {
  const { history, words, read } = reading;
  const { transactions, lists, versions } = history;
  if ((lists.readLength[read] ?? 0) < misplaced) return;
  const timeline = lists.timelines[lists.readTimeline[read] ?? -1];
  const element = timeline?.elements[misplaced - 1] ?? 0;
  const who = transactionWords(transactions, versions.writer[element] ?? 0);
  const [shown, missing] = [element, versions.ownBefore[element] ?? 0].map(words.element);
  report(reading, 'incompatible-order', `but ${who} appended ${missing} before ${shown}`);
}

/** A list that ends within what one other transaction appended. */
function judgeLast(reading: Reading): void {
  const { history, words, each, transaction } = reading;
  const { transactions, versions } = history;
  const last = lastShown(history, each);
  if (last === null || versions.isLast[last] === 1 || versions.writer[last] === transaction) return;
  const who = transactionWords(transactions, versions.writer[last] ?? 0);
  report(reading, 'G1b', `but ${who} went on after it appended ${words.element(last)}`);
}

function report(reading: Reading, anomaly: PlainAnomaly, but: string): void {
  const { history, words, anomalies, transaction, each } = reading;
  anomalies.add(anomaly, [transaction], () => {
    const name = keyName(history.transactions, each);
    const who = transactionWords(history.transactions, transaction);
    return `${who} read ${name} as ${words.list(each)}, ${but}`;
  });
}
