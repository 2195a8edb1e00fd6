import type { OperationCosts } from '../../core/bench.ts';
import type { NodeId } from '../../core/node-id.ts';
import type { NodeStatus } from '../../core/system.ts';

export type Statuses = Readonly<Record<NodeId, NodeStatus | null>>;

/** Counters of a node by what they are called here; the first that is there counts. */
const names = {
  messages: ['peersSentFrames', 'messagesSent'],
  bytes: ['peersSentBytes', 'bytesSent'],
  fsyncs: ['walSyncs', 'fsyncs'],
  elections: ['elections'],
} as const;

type Cost = keyof typeof names;

/**
 * What the nodes did between two looks at them, for each successful operation; null where they do not
 * count it. A node that began anew in between counts from 0 again, and what it did before is lost.
 */
export function costsBetween(
  before: Statuses,
  after: Statuses,
  operations: number,
): OperationCosts | null {
  const total = (cost: Cost): number => {
    let sum = 0;
    for (const [id, status] of Object.entries(after)) {
      const now = counterOf(status, cost) ?? 0;
      const then = counterOf(before[id] ?? null, cost) ?? 0;
      sum += now >= then ? now - then : now;
    }
    return sum;
  };
  const isCounted = Object.values(after).some((status) => counterOf(status, 'messages') !== null);
  if (!isCounted || operations === 0) return null;
  const perOperation = (cost: Cost): number => Math.round((1000 * total(cost)) / operations) / 1000;
  return {
    messages: perOperation('messages'),
    bytes: perOperation('bytes'),
    fsyncs: perOperation('fsyncs'),
    elections: total('elections'),
  };
}

function counterOf(status: NodeStatus | null, cost: Cost): number | null {
  for (const name of names[cost]) {
    const value = status?.counters[name];
    if (value !== undefined) return value;
  }
  return null;
}
