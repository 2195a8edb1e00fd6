import type { Work } from '../work.ts';
import { orders } from './anomaly.ts';
import { transactionWords } from './evidence.ts';
import type { Level } from './levels.ts';
import { type OrderProblem } from './order-problem.ts';
import { type OrderResult, searchOrder } from './order-search.ts';
import { type KnownVersions, reasonsAt } from './rw-cycles.ts';
import { judgeWeakLevels, weakLevels } from './weak-levels.ts';
import type { Accesses } from './weak-order.ts';

/** What is known of a level that no anomaly rules out. */
export type Proof =
  /** It holds, since that stronger level, or itself, does. */
  | { readonly kind: 'proven'; readonly level: Level; readonly how: string }
  /** It does not, though no cycle shows it. */
  | { readonly kind: 'refuted'; readonly how: string }
  | { readonly kind: 'open'; readonly how: string };

/** Levels that hold wherever nothing rules them out: then versions can be put in an order that fits. */
const basic: readonly Level[] = [
  'read-uncommitted',
  'read-committed',
  'strong-session-read-uncommitted',
  'strong-session-read-committed',
  'strong-read-uncommitted',
  'strong-read-committed',
];

export const isBasic = (level: Level): boolean => basic.includes(level);

/** What an order for a level has to keep; `exact` where the lack of one refutes the level. */
interface Search extends Pick<OrderProblem, 'before' | 'moments'> {
  readonly exact: boolean;
}

function searchFor(level: Level): Search {
  const before = level.startsWith('strong-session-')
    ? 'process'
    : level.startsWith('str')
      ? 'realtime'
      : 'nothing';
  // Repeatable read differs from serializable by phantoms alone, which registers have not.
  if (level.endsWith('serializable') || level === 'repeatable-read') {
    return { before, moments: 'serial', exact: true };
  }
  const exact = level.endsWith('snapshot-isolation') && !level.startsWith('parallel');
  return { before, moments: 'snapshot', exact };
}

/** The strongest level of all: an order for it is one for every other. */
const strongest: Level = 'strict-serializable';

/**
 * Looks for a proof that a level holds: an order of all transactions that explains what was read, first as
 * strict serializability wants it, which is the easiest to find, then as the level does.
 */
export function* prove(
  accesses: Accesses,
  known: KnownVersions,
  goal: { readonly level: Level; readonly open: ReadonlySet<Level>; readonly steps: number },
): Work<Proof> {
  const { level, open, steps } = goal;
  if (isBasic(level)) {
    return { kind: 'proven', level, how: 'and nothing contradicts that they were' };
  }
  const attempts = open.has(strongest) && level !== strongest ? [strongest, level] : [level];
  let last: Proof = { kind: 'open', how: 'nothing was tried' };
  for (const each of attempts) {
    const search = searchFor(each);
    const order = orders[['nothing', 'process', 'realtime'].indexOf(search.before)] ?? '';
    const result = yield* searchOrder(
      { accesses, edges: known.edges, reasons: reasonsAt(order, known), ...search },
      { steps },
    );
    last = proofOf(accesses, { level: each, exact: search.exact }, result);
    if (last.kind === 'proven') return last;
  }
  return last.kind === 'open' ? yield* proveWeakly(accesses, level, last) : last;
}

function proofOf(
  { registers }: Accesses,
  { level, exact }: { readonly level: Level; readonly exact: boolean },
  result: OrderResult,
): Proof {
  switch (result.kind) {
    case 'order':
      return { kind: 'proven', level, how: 'and one order of them all explains every read' };
    case 'unknown':
      return {
        kind: 'open',
        how: `no anomaly shows that they were not ${level}, but the search for an order ran out of steps, or of what it may keep in mind`,
      };
    case 'none': {
      const stuck = transactionWords(registers.transactions, result.stuck);
      const how = `no order of the transactions explains what they read: at most ${result.most} of ${result.members} fit into one, and then ${stuck} does not`;
      return exact
        ? { kind: 'refuted', how }
        : { kind: 'open', how: `no anomaly rules out ${level}, but they were no snapshots` };
    }
  }
}

/** Levels that reads and sessions decide, each with the place in `weakLevels` of what proves it. */
const provenBy = { 'monotonic-atomic-view': 0, 'read-atomic': 1, causal: 2 } as const;

type WeakGoal = keyof typeof provenBy;

function isWeakGoal(level: Level): level is WeakGoal {
  return level in provenBy;
}

/** Causal consistency in which a process sees what it did before is decided without an order. */
function* proveWeakly({ registers }: Accesses, level: Level, otherwise: Proof): Work<Proof> {
  if (!isWeakGoal(level)) return otherwise;
  const { holds } = yield* judgeWeakLevels(registers);
  // Read committed as Biswas & Enea have it looks at reads in their turn, as monotonic atomic view does.
  const proven = holds !== null && weakLevels.indexOf(holds) >= provenBy[level];
  if (proven) return { kind: 'proven', level, how: 'and reads and sessions explain every read' };
  return {
    kind: 'open',
    how: `no anomaly rules out ${level}; the checker isolation decides it together with the order of each process`,
  };
}
