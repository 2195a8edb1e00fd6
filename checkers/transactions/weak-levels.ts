import type { Work } from '../work.ts';
import { causalOrder } from './causal-order.ts';
import {
  type DependencyGraph,
  createGraphBuilder,
  everyKind,
  stintFor,
} from './dependency-graph.ts';
import { lastWrites } from './last-writes.ts';
import { addProcessOrder } from './order-edges.ts';
import { type FaultyRead, readsApart } from './register-reads.ts';
import type { Registers } from './registers.ts';
import { sessionsOf } from './sessions-of.ts';
import { strongComponents } from './strong-components.ts';
import {
  type Accesses,
  type TakePassed,
  addPassed,
  addReadsFrom,
  readAtomicOrder,
  readCommittedOrder,
  sessionOrder,
} from './weak-order.ts';

/** The levels that reads and sessions alone decide, weakest first; each is above the one before it. */
export const weakLevels = ['read-committed', 'read-atomic', 'causal'] as const;

export type WeakLevel = (typeof weakLevels)[number];

/** What keeps a history from a level. */
export interface WeakViolation {
  readonly level: WeakLevel;
  /** Reads that are wrong whatever the order; empty where the order is the reason. */
  readonly faulty: readonly FaultyRead[];
  /** Which transactions the level puts before which; it has a cycle where the order is the reason. */
  readonly graph: DependencyGraph;
  readonly accesses: Accesses;
}

export interface WeakJudgement {
  /** The strongest level that holds, null when none does. */
  readonly holds: WeakLevel | null;
  /** Why the next one does not; null when all do. */
  readonly violation: WeakViolation | null;
}

/**
 * A history has a level when some order of its transactions puts each behind its session and its sources,
 * and for every read puts whatever the level makes visible behind the writer of what was read: Biswas &
 * Enea, "On the Complexity of Checking Transactional Consistency" (2019), section 2.2. At these levels
 * what is visible does not depend on the order, so that there is one if and only if there is no cycle.
 */
export function* judgeWeakLevels(registers: Registers): Work<WeakJudgement> {
  const judge = createJudge(registers);
  let violation: WeakViolation | null = null;
  for (const level of weakLevels.toReversed()) {
    const found = yield* judge(level);
    if (found === null) return { holds: level, violation };
    violation = found;
  }
  return { holds: null, violation };
}

function createJudge(registers: Registers): (level: WeakLevel) => Work<WeakViolation | null> {
  const { external, faulty } = readsApart(registers);
  const accesses: Accesses = { registers, reads: external, writes: lastWrites(registers) };
  const sessions = sessionsOf(registers.transactions);
  const base = graphOf(accesses, () => undefined);
  const baseFails = isCyclic(base);
  const orders: Readonly<Record<WeakLevel, (take: TakePassed) => void>> = {
    'read-committed': (take) => readCommittedOrder(accesses, take),
    'read-atomic': (take) => {
      readAtomicOrder(accesses, take);
      sessionOrder(accesses, sessions, take);
    },
    causal: (take) => causalOrder(accesses, { sessions, graph: base }, take),
  };
  return function* (level) {
    // Only read committed lets a transaction read a key twice with two results.
    const faults = faulty.filter(
      ({ fault }) => fault !== 'unrepeatable' || level !== 'read-committed',
    );
    if (faults.length > 0 || baseFails) return { level, faulty: faults, graph: base, accesses };
    yield stintFor(base);
    const graph = graphOf(accesses, orders[level]);
    yield stintFor(graph);
    return isCyclic(graph) ? { level, faulty: [], graph, accesses } : null;
  };
}

/** Sessions, sources, and what else a level orders. */
function graphOf(accesses: Accesses, order: (take: TakePassed) => void): DependencyGraph {
  const { transactions } = accesses.registers;
  const builder = createGraphBuilder(transactions.count);
  addProcessOrder(builder, transactions);
  addReadsFrom(builder, accesses);
  order((passed) => addPassed(builder, accesses.registers, passed));
  return builder.build();
}

function isCyclic(graph: DependencyGraph): boolean {
  return strongComponents(graph, everyKind).count < graph.nodes;
}
