import type { GraphBuilder } from './dependency-graph.ts';
import { type Transactions, never, outcome } from './transaction.ts';

/**
 * Puts each transaction behind the one that its process completed before. A crashed transaction may
 * take effect at any later time, so nothing is put behind it.
 */
export function addProcessOrder(builder: GraphBuilder, transactions: Transactions): void {
  const last = new Map<number, number>();
  for (let at = 0; at < transactions.count; at++) {
    const how = transactions.outcome[at];
    if (how === outcome.fail) continue;
    const process = transactions.process[at] ?? 0;
    const before = last.get(process);
    if (before !== undefined) builder.add(before, at, 'process');
    if (how === outcome.ok) last.set(process, at);
  }
}

/**
 * Puts each transaction behind all that had returned before it was called. The moments between
 * returns and the calls after them are a chain of waypoints: a transaction leads to the first moment
 * after its return, and the last moment before its call leads to it. That is at most four edges a
 * transaction, however many run at a time.
 */
export function addRealTimeOrder(builder: GraphBuilder, transactions: Transactions): void {
  const returned: number[] = [];
  let moment: number | null = null;
  for (const { at, isReturn } of momentsOf(transactions)) {
    if (isReturn) {
      returned.push(at);
      continue;
    }
    if (returned.length > 0) {
      const now = builder.waypoint();
      if (moment !== null) builder.add(moment, now, 'realtime');
      for (const each of returned) builder.add(each, now, 'realtime');
      returned.length = 0;
      moment = now;
    }
    if (moment !== null) builder.add(moment, at, 'realtime');
  }
}

/** Calls and returns in the order of the history, those of failed transactions left out. */
export function* momentsOf({ count, outcome: how, callAt, returnAt }: Transactions): Generator<{
  readonly at: number;
  readonly isReturn: boolean;
}> {
  const returns = [...returnOrder(how, returnAt)];
  let next = 0;
  for (let at = 0; at < count; at++) {
    const called = callAt[at] ?? 0;
    for (; next < returns.length; next++) {
      const before = returns[next] ?? 0;
      if ((returnAt[before] ?? never) > called) break;
      yield { at: before, isReturn: true };
    }
    if (how[at] !== outcome.fail) yield { at, isReturn: false };
  }
}

function returnOrder(how: Uint8Array, returnAt: Uint32Array): Uint32Array {
  const returned = Uint32Array.from(how.keys()).filter((at) => how[at] === outcome.ok);
  return returned.sort((one, other) => (returnAt[one] ?? 0) - (returnAt[other] ?? 0));
}
