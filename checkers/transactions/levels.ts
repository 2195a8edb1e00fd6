import { type Anomaly, implied } from './anomaly.ts';

interface LevelEntry {
  /** The levels next below: a history that has this level has those too. */
  readonly above: readonly string[];
  /** Anomalies that it forbids beside those that the levels below it do, and all that imply one. */
  readonly forbids: readonly Anomaly[];
  readonly source: string;
}

/**
 * What systems promise, weakest first. All reads are reads of single keys: phantoms, which tell
 * repeatable read from serializable, do not occur, so that no cycle rules out one of these two alone.
 *
 * A `strong-session` level is the same with the order of each process to be kept, a `strong` one that of
 * real time (Daudjee & Salem 2004 and 2006; for the weaker ones after Elle, which generalizes them).
 */
const entries = {
  'read-uncommitted': {
    above: [],
    forbids: ['G0', 'garbage-read', 'duplicate-elements'],
    source: 'PL-1 of Adya 1999; no history there has values from nowhere, or the same one twice',
  },
  'read-committed': {
    above: ['read-uncommitted'],
    forbids: ['G1a', 'G1b', 'G1c', 'dirty-update', 'incompatible-order'],
    source: 'PL-2 of Adya 1999',
  },
  'monotonic-atomic-view': {
    above: ['read-committed'],
    forbids: ['OTV'],
    source: 'Bailis et al. 2013: what was observed of a transaction does not vanish',
  },
  'read-atomic': {
    above: ['monotonic-atomic-view'],
    forbids: ['internal', 'fractured-read'],
    source: 'Cerone, Bernardi & Gotsman 2015 (axioms INT and EXT)',
  },
  causal: {
    above: ['read-atomic'],
    forbids: ['causality-violation'],
    source: 'Cerone, Bernardi & Gotsman 2015',
  },
  'cursor-stability': {
    above: ['read-committed'],
    forbids: ['G-cursor', 'lost-update'],
    source: 'PL-CS of Adya 1999; Bailis et al. 2013',
  },
  'consistent-view': {
    above: ['cursor-stability'],
    forbids: ['G-single'],
    source: 'PL-2+ of Adya 1999',
  },
  'repeatable-read': {
    above: ['cursor-stability', 'monotonic-atomic-view'],
    forbids: ['G2-item'],
    source: 'PL-2.99 of Adya 1999; Bailis et al. 2013',
  },
  'parallel-snapshot-isolation': {
    above: ['causal', 'consistent-view'],
    forbids: [],
    source: 'Cerone & Gotsman 2018: exactly one rw edge closes no cycle',
  },
  'snapshot-isolation': {
    above: ['parallel-snapshot-isolation'],
    forbids: ['G-nonadjacent'],
    source: 'Cerone & Gotsman 2018: every cycle has two rw edges in a row; PL-SI of Adya 1999',
  },
  serializable: {
    above: ['repeatable-read', 'snapshot-isolation'],
    forbids: ['G2-item'],
    source: 'PL-3 of Adya 1999',
  },
  'strong-session-read-uncommitted': {
    above: ['read-uncommitted'],
    forbids: ['G0-process'],
    source: 'Elle',
  },
  'strong-session-read-committed': {
    above: ['read-committed', 'strong-session-read-uncommitted'],
    forbids: ['G1c-process'],
    source: 'Elle',
  },
  'strong-session-snapshot-isolation': {
    above: ['snapshot-isolation', 'strong-session-read-committed'],
    forbids: ['G-nonadjacent-process'],
    source: 'Daudjee & Salem 2006; Cerone & Gotsman 2018',
  },
  'strong-session-serializable': {
    above: ['serializable', 'strong-session-snapshot-isolation'],
    forbids: ['G2-item-process'],
    source: 'Daudjee & Salem 2004',
  },
  'strong-read-uncommitted': {
    above: ['strong-session-read-uncommitted'],
    forbids: ['G0-realtime'],
    source: 'Elle',
  },
  'strong-read-committed': {
    above: ['strong-session-read-committed', 'strong-read-uncommitted'],
    forbids: ['G1c-realtime'],
    source: 'Elle',
  },
  'strong-snapshot-isolation': {
    above: ['strong-session-snapshot-isolation', 'strong-read-committed'],
    forbids: ['G-nonadjacent-realtime'],
    source: 'Daudjee & Salem 2006',
  },
  'strict-serializable': {
    above: ['strong-session-serializable', 'strong-snapshot-isolation'],
    forbids: ['G2-item-realtime'],
    source: 'PL-SS of Adya 1999; Herlihy & Wing 1990',
  },
} as const satisfies Readonly<Record<string, LevelEntry>>;

export type Level = keyof typeof entries;

/** Every level, each after those that it is above. */
export const levels = Object.keys(entries) as readonly Level[];

/** The level of that name; throws when there is none. */
export function levelNamed(name: string): Level {
  const level = levels.find((each) => each === name);
  if (level !== undefined) return level;
  throw new Error(`expected a consistency level, one of ${levels.join(', ')}, got "${name}"`);
}

/** Where a level comes from in the literature. */
export function sourceOf(level: Level): string {
  return entries[level].source;
}

/** The levels that a history with these anomalies does not have. */
export function ruledOut(anomalies: Iterable<Anomaly>): ReadonlySet<Level> {
  const shown = new Set<Anomaly>();
  for (const anomaly of anomalies) for (const each of implied(anomaly)) shown.add(each);
  const out = new Set<Level>();
  for (const level of levels) {
    const { above, forbids }: LevelEntry = entries[level];
    const isOut =
      forbids.some((each) => shown.has(each)) || above.some((each) => out.has(each as Level));
    if (isOut) out.add(level);
  }
  return out;
}

/** Of these levels, those that are above no other of them. */
export function weakestOf(all: ReadonlySet<Level>): readonly Level[] {
  return [...all].filter((level) => !entries[level].above.some((each) => all.has(each)));
}

/** Of these levels, those that no other of them is above. */
export function strongestOf(all: ReadonlySet<Level>): readonly Level[] {
  const below = new Set([...all].flatMap((level): readonly string[] => entries[level].above));
  return [...all].filter((level) => !below.has(level));
}
