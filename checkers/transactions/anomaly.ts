import type { Cycle } from './path-finder.ts';

/** What orders a cycle needs beside the data: none, that of the processes, or that of real time. */
export const orders = ['', '-process', '-realtime'] as const;

export type Order = (typeof orders)[number];

/** Kinds of cycles over the data, the worst first. */
export const cycleBases = ['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item'] as const;

export type CycleBase = (typeof cycleBases)[number];

export type CycleAnomaly = `${CycleBase}${Order}`;

/** Anomalies that need no cycle to show, the worst first. */
export const plainAnomalies = [
  'garbage-read',
  'duplicate-elements',
  'incompatible-order',
  'G1a',
  'dirty-update',
  'G1b',
  'internal',
  'future-read',
  'lost-update',
  'G-cursor',
  'OTV',
  'fractured-read',
  'causality-violation',
] as const;

export type PlainAnomaly = (typeof plainAnomalies)[number];

export type Anomaly = PlainAnomaly | CycleAnomaly;

/** What each means, for people who do not know its name. */
const meanings: Readonly<Record<PlainAnomaly | CycleBase, string>> = {
  'garbage-read': 'a transaction read a value that none wrote',
  'duplicate-elements': 'a read showed an element twice that was appended once',
  'incompatible-order':
    'a read showed elements in an order that another read, or who appended them, excludes',
  G1a: 'a transaction read what an aborted one wrote',
  'dirty-update': 'a transaction built on what an aborted one wrote',
  G1b: 'a transaction read what another wrote only in between',
  internal: 'a transaction did not see what it had itself read or written before',
  'future-read': 'a transaction read what it wrote only later',
  'lost-update': 'two transactions changed the same state of a key, neither seeing the other',
  'G-cursor': 'a key changed between the read and the write of a transaction that did both',
  OTV: 'a transaction saw part of what another did, and later missed the rest',
  'fractured-read': 'a transaction saw part of what another did and missed the rest',
  'causality-violation': 'a transaction missed what others had seen whose work it saw',
  G0: 'transactions overwrote each other in a circle',
  G1c: 'transactions saw or overwrote each other in a circle',
  'G-single': 'a transaction saw some of what came after what it missed',
  'G-nonadjacent': 'transactions missed each other in a circle, with no two misses in a row',
  'G2-item': 'transactions missed what others in the circle wrote',
};

const suffixMeanings: Readonly<Record<Order, string>> = {
  '': '',
  '-process': ', in view of what their own processes did before',
  '-realtime': ', in view of what was over before they began',
};

export function meaningOf(anomaly: Anomaly): string {
  const [base, order] = partsOf(anomaly);
  return `${meanings[base]}${suffixMeanings[order]}`;
}

function partsOf(anomaly: Anomaly): readonly [PlainAnomaly | CycleBase, Order] {
  const order = orders.find((each) => each !== '' && anomaly.endsWith(each)) ?? '';
  return [anomaly.slice(0, anomaly.length - order.length) as PlainAnomaly | CycleBase, order];
}

/** One anomaly is a special case of another (Adya 1999; Elle; Fekete et al. 2005 for write skew). */
const special: Readonly<
  Partial<Record<PlainAnomaly | CycleBase, readonly (PlainAnomaly | CycleBase)[]>>
> = {
  'future-read': ['G1c'],
  'G-cursor': ['G-single'],
  OTV: ['fractured-read'],
  'fractured-read': ['causality-violation'],
  'causality-violation': ['G-single'],
  'lost-update': ['G2-item'],
  G0: ['G1c'],
  'G-single': ['G-nonadjacent'],
  'G-nonadjacent': ['G2-item'],
};

/**
 * All anomalies that one shows to be there too, itself included. A cycle of data is one of data and
 * processes, and the order of a process is part of real time.
 */
export function implied(anomaly: Anomaly): ReadonlySet<Anomaly> {
  const all = new Set<Anomaly>([anomaly]);
  for (const each of all) {
    const [base, order] = partsOf(each);
    const isCycle = (cycleBases as readonly string[]).includes(base);
    for (const wider of special[base] ?? []) all.add(`${wider}${order}` as Anomaly);
    if (!isCycle) continue;
    for (const longer of orders.slice(orders.indexOf(order)))
      all.add(`${base as CycleBase}${longer}`);
  }
  return all;
}

/**
 * What a cycle shows beside its name. A transaction that misses what another did, but sees it or what
 * others did who saw it, and so on, breaks causality (Cerone, Bernardi & Gotsman 2015, axiom TRANSVIS); if it
 * sees another thing that the same transaction did, its view is no atomic one (Bailis et al. 2014).
 */
export function shownBy(cycle: Cycle): readonly PlainAnomaly[] {
  const others = cycle.filter(({ kind }) => kind !== 'rw');
  if (others.length !== cycle.length - 1 || others.some(({ kind }) => kind !== 'wr')) return [];
  return [cycle.length === 2 ? 'fractured-read' : 'causality-violation'];
}

/** The name of a cycle by the dependencies in it (Adya 1999, chapter 4; Elle 2020, section 6). */
export function anomalyOf(cycle: Cycle): CycleAnomaly {
  const kinds = cycle.map(({ kind }) => kind);
  const misses = kinds.filter((kind) => kind === 'rw').length;
  const inARow = kinds.some((kind, at) => kind === 'rw' && kinds.at(at - 1) === 'rw');
  const order: Order = kinds.includes('realtime')
    ? '-realtime'
    : kinds.includes('process')
      ? '-process'
      : '';
  if (misses === 0) return `${kinds.includes('wr') ? 'G1c' : 'G0'}${order}`;
  if (misses === 1) return `G-single${order}`;
  return `${inARow ? 'G2-item' : 'G-nonadjacent'}${order}`;
}
