import { type History, operationsOf } from '../../../core/history.ts';
import type { Json } from '../../../core/json.ts';

/** What the twin can decide, weakest first; a level below is not always implied by one above. */
export const levelsOfTwin = [
  'monotonic-atomic-view',
  'read-committed',
  'read-atomic',
  'causal',
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'serializable',
  'strong-session-snapshot-isolation',
  'strong-session-serializable',
  'strong-snapshot-isolation',
  'strict-serializable',
] as const;

export type TwinLevel = (typeof levelsOfTwin)[number];

/** More transactions than this would take for ever. */
const mostTransactions = 8;

/**
 * How a level makes more visible than what was read. In terms of Cerone, Bernardi and Gotsman (2015,
 * figure 1): which axioms it has. Biswas and Enea (2019, section 2.2) give the same levels for registers as
 * conditions on the commit order, and read committed besides.
 */
interface Axioms {
  /** Visibility is judged at every read (read committed), or once for the whole transaction. */
  readonly at: 'read' | 'transaction';
  /** What is visible to the visible is visible (TRANSVIS). */
  readonly transitive?: true;
  /** Of two that write one key, the first is visible to the second (NOCONFLICT). */
  readonly noConflict?: true;
  /** All that commits before something visible is visible (PREFIX). */
  readonly prefix?: true;
  /** All that commits before is visible (TOTALVIS). */
  readonly total?: true;
  /** What comes before in the session, or in real time, commits before, and is visible. */
  readonly before?: 'session' | 'realtime';
}

const snapshot = { at: 'transaction', noConflict: true, prefix: true } as const;

const axiomsOf: Readonly<Record<TwinLevel, Axioms>> = {
  // What was visible to one read is so to the next: Bailis et al. (2013) call that a view, and know no sessions.
  'monotonic-atomic-view': { at: 'read' },
  'read-committed': { at: 'read', before: 'session' },
  'read-atomic': { at: 'transaction', before: 'session' },
  causal: { at: 'transaction', transitive: true, before: 'session' },
  'parallel-snapshot-isolation': { at: 'transaction', transitive: true, noConflict: true },
  'snapshot-isolation': snapshot,
  serializable: { at: 'transaction', total: true },
  'strong-session-snapshot-isolation': { ...snapshot, before: 'session' },
  'strong-session-serializable': { at: 'transaction', total: true, before: 'session' },
  'strong-snapshot-isolation': { ...snapshot, before: 'realtime' },
  'strict-serializable': { at: 'transaction', total: true, before: 'realtime' },
};

/**
 * The slow, obvious twin of the checkers of transactions, for tests: it tries every commit order of every
 * subset of the crashed transactions, and in each order the least visibility that what was read and the
 * level ask for (more visibility only forbids more). Values must be unique for a key. It reads the history
 * by itself. Returns the levels at which the history is possible.
 */
export function levelsByBruteForce(
  history: History,
  wanted: readonly TwinLevel[] = levelsOfTwin,
): ReadonlySet<TwinLevel> {
  const all = transactionsOf(history);
  if (all.length > mostTransactions) throw new Error(`too many transactions: ${all.length}`);
  const crashed = all.filter(({ returned }) => returned === Infinity);
  const holding = new Set<TwinLevel>();
  for (let subset = 0; subset < 1 << crashed.length; subset++) {
    const committed = all.filter((one) => {
      const place = crashed.indexOf(one);
      return place < 0 || (subset & (1 << place)) !== 0;
    });
    const sources = committed.map((one) => sourcesOf(one, committed));
    if (sources.some((each) => each === null)) continue;
    tryOrders({ committed, sources: sources as readonly number[][], wanted, holding }, []);
  }
  return holding;
}

interface Micro {
  readonly kind: 'r' | 'w' | 'append';
  readonly key: string;
  readonly value: Json;
}

interface Transaction {
  readonly micros: readonly Micro[];
  readonly process: number;
  readonly called: number;
  /** Infinity when it need not have happened. */
  readonly returned: number;
}

function transactionsOf(history: History): Transaction[] {
  return operationsOf(history).flatMap(({ invoke, complete }) => {
    if (complete?.phase === 'fail') return [];
    const done = complete?.phase === 'ok';
    const list = (done ? complete.value : invoke.value) as readonly (readonly Json[])[];
    const micros = list.map(([kind = '', key = null, value = null]): Micro => {
      const short = { read: 'r', write: 'w' }[kind as string] ?? kind;
      return { kind: short as Micro['kind'], key: JSON.stringify(key), value };
    });
    const known = done ? micros : micros.filter(({ kind }) => kind !== 'r');
    if (known.length === 0) return [];
    const returned = done ? complete.index : Infinity;
    return [{ micros: known, process: invoke.process, called: invoke.index, returned }];
  });
}

/** For each step of a transaction, a mask of the others whose writes it saw; null if nobody wrote it. */
function sourcesOf(one: Transaction, committed: readonly Transaction[]): number[] | null {
  const masks: number[] = [];
  for (const { kind, key, value } of one.micros) {
    let mask = 0;
    const seen = kind !== 'r' || value === null ? [] : Array.isArray(value) ? value : [value];
    for (const each of seen as readonly Json[]) {
      const writer = committed.findIndex(({ micros }) =>
        micros.some((write) => write.kind !== 'r' && write.key === key && write.value === each),
      );
      if (writer < 0) return null;
      if (committed[writer] !== one) mask |= 1 << writer;
    }
    masks.push(mask);
  }
  return masks;
}

interface Search {
  readonly committed: readonly Transaction[];
  readonly sources: readonly (readonly number[])[];
  readonly wanted: readonly TwinLevel[];
  readonly holding: Set<TwinLevel>;
}

const join = (masks: readonly number[]): number => masks.reduce((all, mask) => all | mask, 0);

function tryOrders(search: Search, order: readonly number[]): void {
  const { committed, sources, wanted, holding } = search;
  if (wanted.every((level) => holding.has(level))) return;
  if (order.length === committed.length) {
    for (const level of wanted) {
      if (!holding.has(level) && explains(search, order, axiomsOf[level])) holding.add(level);
    }
    return;
  }
  const placed = join(order.map((each) => 1 << each));
  for (let next = 0; next < committed.length; next++) {
    // Whatever is read commits before, at every level.
    if ((placed & (1 << next)) !== 0 || (join(sources[next]!) & ~placed) !== 0) continue;
    tryOrders(search, [...order, next]);
  }
}

/** Whether a commit order explains all reads at a level. */
function explains(search: Search, order: readonly number[], axioms: Axioms): boolean {
  const { committed, sources } = search;
  const visible: number[] = [];
  let placed = 0;
  for (const now of order) {
    const before = committed.map((other, at) =>
      comesBefore(axioms, other, committed[now]!) ? 1 << at : 0,
    );
    if ((join(before) & ~placed) !== 0) return false;
    let mask = join(sources[now]!) | join(before);
    if (axioms.total === true) mask = placed;
    if (axioms.noConflict === true) {
      for (const other of order.slice(0, order.indexOf(now))) {
        if (share(committed[other]!, committed[now]!)) mask |= 1 << other;
      }
    }
    for (const other of order.slice(0, order.indexOf(now)).toReversed()) {
      if ((mask & (1 << other)) === 0) continue;
      if (axioms.transitive === true) mask |= visible[other]!;
      if (axioms.prefix === true) mask |= prefixOf(order, other);
    }
    visible[now] = mask;
    if (!readsRight(search, { order, now, mask, axioms })) return false;
    placed |= 1 << now;
  }
  return true;
}

function comesBefore({ before }: Axioms, one: Transaction, other: Transaction): boolean {
  if (before === 'session') return one.process === other.process && one.called < other.called;
  return before === 'realtime' && one.returned < other.called;
}

function share(one: Transaction, other: Transaction): boolean {
  const isWrite = ({ kind }: Micro): boolean => kind !== 'r';
  return one.micros.some(
    (write) => isWrite(write) && other.micros.some((its) => isWrite(its) && its.key === write.key),
  );
}

const prefixOf = (order: readonly number[], until: number): number =>
  join(order.slice(0, order.indexOf(until)).map((each) => 1 << each));

interface Moment {
  readonly order: readonly number[];
  readonly now: number;
  readonly mask: number;
  readonly axioms: Axioms;
}

/** Runs one transaction on what it sees: the visible writes in commit order, then its own. */
function readsRight({ committed, sources }: Search, { order, now, mask, axioms }: Moment): boolean {
  const { micros } = committed[now]!;
  return micros.every(({ kind, key, value }, at) => {
    if (kind !== 'r') return true;
    const seen = axioms.at === 'transaction' ? mask : join(sources[now]!.slice(0, at + 1));
    let state: Json = null;
    const run = (steps: readonly Micro[]): void => {
      for (const step of steps) {
        if (step.key !== key || step.kind === 'r') continue;
        state =
          step.kind === 'w' ? step.value : [...((state ?? []) as readonly Json[]), step.value];
      }
    };
    for (const other of order) if ((seen & (1 << other)) !== 0) run(committed[other]!.micros);
    run(micros.slice(0, at));
    const empty = Array.isArray(value) && value.length === 0;
    return JSON.stringify(state) === JSON.stringify(empty ? null : value);
  });
}
