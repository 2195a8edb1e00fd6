import { integers, naturals } from './column.ts';
import { type Grouping, below, grouped } from './grouping.ts';
import { createAccessReader } from './register-access.ts';
import { initial, nobody } from './registers.ts';
import { sessionsOf } from './sessions-of.ts';
import { never, outcome } from './transaction.ts';
import type { VersionEdges, VersionReason } from './version-edges.ts';
import type { Accesses } from './weak-order.ts';

/** An order of transactions that is looked for. */
export interface OrderProblem {
  readonly accesses: Accesses;
  /** Pairs of versions whose order is known at the level. */
  readonly edges: VersionEdges;
  readonly reasons: ReadonlySet<VersionReason>;
  /** What must come before what, beside the data. */
  readonly before: 'nothing' | 'process' | 'realtime';
  /**
   * `serial`: each transaction happens at one moment. `snapshot`: it reads at one moment and writes at a
   * later one, and no other that writes one of the same keys does so in between (snapshot isolation as
   * Berenson et al. 1995 describe it; Cerone, Bernardi & Gotsman 2015, theorem 12, for why it is the same).
   */
  readonly moments: 'serial' | 'snapshot';
}

/** The same, laid out for the search. */
export interface LaidOut {
  readonly problem: OrderProblem;
  /** Committed transactions in order of their calls: those that say so, and crashed ones that were read. */
  readonly members: Uint32Array;
  /** The keys that each transaction read of others, each once, with the versions. */
  readonly readStart: Uint32Array;
  readonly readKey: Uint32Array;
  readonly readVersion: Int32Array;
  /** The key of each row of what transactions wrote. */
  readonly writeKey: Uint32Array;
  /** How many transactions read each version, and the initial one of each key. */
  readonly readersOf: Uint32Array;
  readonly readersOfInitial: Uint32Array;
  /** What has to come before what, because its version of some key does. */
  readonly needs: Precedence;
  /** The same for reasons that the level does not have: likely, but not sure. */
  readonly hints: Precedence;
  /** The transaction that the process did before; -1 for none, or where it does not matter. */
  readonly before: Int32Array;
  /** When a transaction must have happened at the latest: its return, or that of someone who read it. */
  readonly deadline: Uint32Array;
  /** 1 where a transaction read every key that it wrote, so that no other write can come before it. */
  readonly isUpdate: Uint8Array;
}

/** Which transactions come after each one, and how many come before it. */
export interface Precedence {
  readonly later: Grouping;
  readonly waits: Uint32Array;
}

export function layOut(problem: OrderProblem): LaidOut {
  const { accesses, before } = problem;
  const { transactions, keyOf } = accesses.registers;
  return {
    problem,
    members: membersOf(accesses),
    deadline: deadlinesOf(accesses),
    writeKey: accesses.writes.byWriter.rows.map((version) => keyOf[version] ?? 0),
    ...readsOnce(accesses),
    needs: precedenceOf(problem, (reason) => problem.reasons.has(reason)),
    hints: precedenceOf(problem, (reason) => !problem.reasons.has(reason)),
    before:
      before === 'process'
        ? sessionsOf(transactions).before
        : new Int32Array(transactions.count).fill(nobody),
  };
}

function membersOf({ registers: { transactions, writer }, reads }: Accesses): Uint32Array {
  const observed = new Uint8Array(transactions.count);
  for (const version of reads.version) {
    if (version !== initial) observed[writer[version] ?? 0] = 1;
  }
  const isMember = (at: number): boolean => {
    const how = transactions.outcome[at];
    return how === outcome.ok || (how === outcome.info && observed[at] === 1);
  };
  return Uint32Array.from(below(transactions.count)).filter(isMember);
}

type ReadsOnce = Pick<
  LaidOut,
  'readStart' | 'readKey' | 'readVersion' | 'readersOf' | 'readersOfInitial' | 'isUpdate'
>;

function readsOnce(accesses: Accesses): ReadsOnce {
  const { registers, writes } = accesses;
  const { count, keys } = registers.transactions;
  const readStart = new Uint32Array(count + 1);
  const [key, version] = [naturals(), integers()];
  const readersOf = new Uint32Array(registers.writer.length);
  const readersOfInitial = new Uint32Array(keys.length);
  const isUpdate = new Uint8Array(count);
  const accessesOf = createAccessReader(accesses);
  for (let at = 0; at < count; at++) {
    readStart[at] = key.length();
    let blind = 0;
    accessesOf(at, (its, first) => {
      if (writes.find(at, its) === first) {
        blind++;
        return;
      }
      key.push(its);
      version.push(first);
      if (first === initial) readersOfInitial[its] = (readersOfInitial[its] ?? 0) + 1;
      else readersOf[first] = (readersOf[first] ?? 0) + 1;
    });
    isUpdate[at] = blind === 0 ? 1 : 0;
  }
  readStart[count] = key.length();
  const columns = { readKey: key.values(), readVersion: version.values() };
  return { readStart, ...columns, readersOf, readersOfInitial, isUpdate };
}

/** Updates need no waiting: what was read has to be there anyway. */
function precedenceOf(
  { accesses, edges }: OrderProblem,
  counts: (reason: VersionReason) => boolean,
): Precedence {
  const { writer, transactions } = accesses.registers;
  const waits = new Uint32Array(transactions.count);
  const matters = (edge: number): boolean => {
    const reason = edges.reason(edge);
    return reason !== 'update' && counts(reason);
  };
  const known = naturals();
  for (let edge = 0; edge < edges.count; edge++) {
    if (!matters(edge)) continue;
    known.push(edge);
    const after = writer[edges.after[edge] ?? 0] ?? 0;
    waits[after] = (waits[after] ?? 0) + 1;
  }
  const { start, rows } = grouped(
    known.values(),
    (edge) => writer[edges.before[edge] ?? 0] ?? 0,
    transactions.count,
  );
  return { later: { start, rows: rows.map((edge) => writer[edges.after[edge] ?? 0] ?? 0) }, waits };
}

function deadlinesOf({ registers: { transactions, writer }, reads }: Accesses): Uint32Array {
  const deadline = transactions.returnAt.slice();
  for (let at = 0; at < transactions.count; at++) {
    const own = transactions.returnAt[at] ?? never;
    const end = reads.start[at + 1] ?? 0;
    for (let each = reads.start[at] ?? 0; each < end; each++) {
      const version = reads.version[each] ?? initial;
      if (version === initial) continue;
      const source = writer[version] ?? 0;
      if (own < (deadline[source] ?? never)) deadline[source] = own;
    }
  }
  return deadline;
}
