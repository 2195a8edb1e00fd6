import type { NodeId } from '../../core/node-id.ts';

/**
 * The number of a proposal (Paxos Made Simple §2.2). Rounds order ballots and node names break ties,
 * so that no two nodes ever use one ballot, and a node never uses one twice because its round is
 * durable before the ballot leaves the node.
 */
export interface Ballot {
  readonly round: number;
  readonly node: NodeId;
}

/** Below every ballot that a node can use. */
export const noBallot: Ballot = { round: 0, node: '' };

/** Negative, zero or positive, as the first ballot is below, equal to or above the second. */
export function compareBallots(one: Ballot, other: Ballot): number {
  if (one.round !== other.round) return one.round - other.round;
  if (one.node === other.node) return 0;
  return one.node < other.node ? -1 : 1;
}

export function isSameBallot(one: Ballot, other: Ballot): boolean {
  return one === other || (one.round === other.round && one.node === other.node);
}

export function higherBallot(one: Ballot, other: Ballot): Ballot {
  return compareBallots(one, other) >= 0 ? one : other;
}
