import type { NodeId } from '../../core/node-id.ts';
import type { Command } from '../consensus.ts';
import type { Ballot } from './ballot.ts';
import type { Configuration } from './membership.ts';
import type { MessageOf } from './messages.ts';
import type { Promises } from './state.ts';

/** Phase 2, for as long as no higher ballot is heard of. */
export interface Leading {
  readonly kind: 'leading';
  readonly ballot: Ballot;
  readonly promises: Promises;
  /** The last slot that phase 1 recovered. Reads wait until it is chosen. */
  barrier: number;
  /** The slot of the next proposal. */
  nextSlot: number;
  /** Proposals not yet sent; the last of them has slot `nextSlot - 1`. */
  queue: Command[];
  /** Proposals or reads have come that nothing was done about yet: the next step that leads does. */
  isPutOff: boolean;
  /** Under way, by slot. */
  readonly batches: Batch[];
  /** Own persists that will be acceptances, in order. */
  readonly awaiting: { readonly persist: number; readonly from: number }[];
  heartbeatAtMs: number;
  /** The last heartbeat round sent, and the last one that a quorum has answered. */
  round: number;
  confirmed: number;
  /** When each round from `confirmed` to `round` was sent. */
  readonly sentMs: number[];
  /** The last round that each peer has answered. */
  readonly answered: Record<NodeId, number>;
  /** How far each peer knows the slots to be chosen, by its last answer. */
  readonly known: Record<NodeId, number>;
  /** In order of their rounds. */
  reads: PendingRead[];
  /** The configuration of the next slot to be chosen, and the round from which it grants leases. */
  entered: { readonly configuration: Configuration; readonly round: number };
  /** The slot of the last configuration whose members were asked to promise. */
  askedSlot: number;
  change: Change | undefined;
  handover: Handover | undefined;
  /** As in phase 1, for members that are asked later. */
  readonly released: Ballot;
  /** Someone was asked to take over, so that the lease is worth nothing to the end of this ballot. */
  isLeaseBroken: boolean;
}

/** Other members, as an administrator wants them. */
export interface Change {
  readonly id: number;
  readonly members: readonly NodeId[];
  /** What newcomers have to know to be chosen, and the round that the members have to answer. */
  readonly chosen: number;
  readonly round: number;
  /** When it is given up, as long as it has no slot. */
  readonly deadlineMs: number;
  /** Where it was proposed. */
  slot: number | undefined;
}

/** Someone else has been asked to lead; nothing new is proposed meanwhile. */
export interface Handover {
  readonly id: number;
  readonly to: NodeId;
  readonly deadlineMs: number;
}

/** The unit of agreement: an acceptor accepts all of it, by one record, or none. */
export interface Batch {
  readonly message: MessageOf<'accept'>;
  readonly last: number;
  /** Whose votes count: one for all slots of the batch. */
  readonly configuration: Configuration;
  readonly votes: NodeId[];
  sentMs: number;
}

/** May be answered once a quorum has answered this round. */
export interface PendingRead {
  readonly id: number;
  readonly round: number;
}
