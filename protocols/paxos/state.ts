import type { NodeId } from '../../core/node-id.ts';
import type { Command, ConsensusOptions, ConsensusSnapshot } from '../consensus.ts';
import { type Ballot, noBallot } from './ballot.ts';
import type { MessageOf } from './messages.ts';
import { type DurableState, type PaxosRecord, replay } from './records.ts';
import { type PaxosSettings, settingsOf } from './settings.ts';
import { type SlotLog, slotLog } from './slot-log.ts';

/** One node: acceptor, learner and at times proposer (Paxos Made Simple §2.5). Plain data. */
export interface PaxosState extends DurableState {
  readonly self: NodeId;
  readonly peers: readonly NodeId[];
  /** How many nodes are a majority, this one counted. */
  readonly quorum: number;
  readonly settings: PaxosSettings;
  readonly seed: number;
  readonly counters: Counters;
  /** How many persists this node has asked for since it started. */
  persists: number;
  /** Slots up to here were handed to the state machine. */
  applied: number;
  snapshot: ConsensusSnapshot | undefined;
  /** The latest word of a leader: it knew slots up to `chosen` to be chosen. */
  heard: { readonly ballot: Ballot; readonly chosen: number };
  catchUp: CatchUp | undefined;
  incoming: IncomingSnapshot | undefined;
  role: Role;
  leader: NodeId | undefined;
  /** When the leader was last heard. */
  heardMs: number;
  /** Until then this acceptor has lent its promise to the leader (reads by lease). */
  grantedUntilMs: number;
  /** How long this node waits for a leader before it stands for election; drawn anew each time. */
  timeoutMs: number;
  deadlineMs: number;
  draws: number;
  /** The highest round seen in any ballot. */
  highestRound: number;
}

export type Role = Following | Probing | Preparing | Leading;

export interface Following {
  readonly kind: 'following';
}

/** Asks whether others would promise, before it disturbs anyone. */
export interface Probing {
  readonly kind: 'probing';
  readonly ballot: Ballot;
  readonly granted: NodeId[];
  resendAtMs: number;
}

/** Phase 1. */
export interface Preparing {
  readonly kind: 'preparing';
  readonly ballot: Ballot;
  /** The number of the persist that makes the own promise durable. */
  readonly persist: number;
  /** Nodes that have promised this ballot and reported every slot. */
  readonly promised: NodeId[];
  /** Where each peer's next page of reports starts. */
  readonly pages: Record<NodeId, number>;
  /** By slot, the reported value of the highest ballot. */
  readonly reports: SlotLog;
  resendAtMs: number;
}

/** Phase 2, for as long as no higher ballot is heard of. */
export interface Leading {
  readonly kind: 'leading';
  readonly ballot: Ballot;
  /** The last slot that phase 1 recovered. Reads wait until it is chosen. */
  readonly barrier: number;
  /** The slot of the next proposal. */
  nextSlot: number;
  /** Proposals not yet sent; the last of them has slot `nextSlot - 1`. */
  queue: Command[];
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
  /** In order of their rounds. */
  reads: PendingRead[];
}

/** The unit of agreement: an acceptor accepts all of it, by one record, or none. */
export interface Batch {
  readonly message: MessageOf<'accept'>;
  readonly last: number;
  readonly votes: NodeId[];
  sentMs: number;
}

/** May be answered once a quorum has answered this round. */
export interface PendingRead {
  readonly id: number;
  readonly round: number;
}

/** This node lacks chosen slots up to `target`, and has asked a node that has them. */
export interface CatchUp {
  readonly from: NodeId;
  readonly target: number;
  readonly retryAtMs: number;
}

export interface IncomingSnapshot {
  readonly from: NodeId;
  readonly index: number;
  readonly total: number;
  readonly parts: string[];
  received: number;
}

export type Counters = ReturnType<typeof noCounts>;

/** A node as its disk left it. What it knows to be chosen is applied in its first step. */
export function initialState(options: ConsensusOptions): PaxosState {
  const { self, nodes, durable, seed, nowMs } = options;
  const settings = settingsOf(options.settings);
  const base = durable.snapshot?.index ?? 0;
  const state: PaxosState = {
    ...{ self, peers: nodes.filter((node) => node !== self), settings, seed },
    quorum: Math.floor(nodes.length / 2) + 1,
    counters: noCounts(),
    ...{ promised: noBallot, log: slotLog(base), chosen: base, applied: base, persists: 0 },
    ...{ snapshot: durable.snapshot, heard: { ballot: noBallot, chosen: 0 } },
    ...{ catchUp: undefined, incoming: undefined, role: { kind: 'following' } },
    ...{ leader: undefined, heardMs: nowMs, timeoutMs: 0, deadlineMs: 0, draws: 0 },
    // A lease granted before a crash is forgotten by it, and must be waited out (Made Live §5.2).
    grantedUntilMs: settings.reads === 'lease' ? nowMs + settings.electionMs : nowMs,
    highestRound: 0,
  };
  for (const record of durable.records) replay(state, record as PaxosRecord);
  state.highestRound = state.promised.round;
  return state;
}

function noCounts(): {
  elections: number;
  messages: number;
  accepts: number;
  heartbeats: number;
  rejects: number;
  resends: number;
  noops: number;
  recovered: number;
  catchUps: number;
  snapshotsSent: number;
  snapshotsInstalled: number;
} {
  return {
    ...{ elections: 0, messages: 0, accepts: 0, heartbeats: 0, rejects: 0, resends: 0 },
    ...{ noops: 0, recovered: 0, catchUps: 0, snapshotsSent: 0, snapshotsInstalled: 0 },
  };
}
