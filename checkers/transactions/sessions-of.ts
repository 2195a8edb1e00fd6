import { type Grouping, below, grouped } from './grouping.ts';
import { type Transactions, outcome } from './transaction.ts';

/**
 * Transactions by session, in their order. A process is a session; what it does after a transaction with
 * an unknown outcome is another one, since that transaction may take effect at any later time.
 */
export interface Sessions {
  readonly count: number;
  /** The session of each transaction; -1 for those that failed. */
  readonly of: Int32Array;
  /** The transaction that the process completed before; -1 for the first. */
  readonly before: Int32Array;
  readonly members: Grouping;
}

export function sessionsOf(transactions: Transactions): Sessions {
  const of = new Int32Array(transactions.count).fill(-1);
  const before = new Int32Array(transactions.count).fill(-1);
  const current = new Map<number, { session: number; last: number }>();
  let count = 0;
  for (let at = 0; at < transactions.count; at++) {
    const how = transactions.outcome[at];
    if (how === outcome.fail) continue;
    const process = transactions.process[at] ?? 0;
    let own = current.get(process);
    if (own === undefined) current.set(process, (own = { session: -1, last: -1 }));
    if (own.session < 0) own.session = count++;
    of[at] = own.session;
    before[at] = own.last;
    if (how === outcome.ok) own.last = at;
    else own.session = -1;
  }
  return { count, of, before, members: grouped(below(of.length), (at) => of[at] ?? -1, count) };
}
