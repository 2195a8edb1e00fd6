import type { NodeId } from '../../core/node-id.ts';
import type { ConsensusOptions, ConsensusSnapshot } from '../consensus.ts';
import { firstMembers } from '../members.ts';
import { type Ballot, noBallot } from './ballot.ts';
import type { Leading } from './leading.ts';
import {
  type ChosenMembers,
  type Configuration,
  type Membership,
  configuration,
  noteChosen,
} from './membership.ts';
import type { Page } from './page.ts';
import { type DurableState, type PaxosRecord, replay } from './records.ts';
import { type PaxosSettings, settingsOf } from './settings.ts';
import { type SlotLog, entryAt, slotLog } from './slot-log.ts';

/** One node: acceptor, learner and at times proposer (Paxos Made Simple §2.5). Plain data. */
export interface PaxosState extends DurableState, Membership {
  readonly self: NodeId;
  /** All other machines, members or not. */
  readonly peers: readonly NodeId[];
  readonly settings: PaxosSettings;
  readonly seed: number;
  readonly counters: Counters;
  /** How many persists this node has asked for since it started. */
  persists: number;
  /** Slots up to here were handed to the state machine. */
  applied: number;
  snapshot: PaxosSnapshot | undefined;
  /** Who votes: all that slots above the log's base need to know. */
  configurations: readonly Configuration[];
  /** The latest word of a leader: it knew slots up to `chosen` to be chosen. */
  heard: { readonly ballot: Ballot; readonly chosen: number };
  catchUp: CatchUp | undefined;
  incoming: IncomingSnapshot | undefined;
  role: Role;
  leader: NodeId | undefined;
  /** When the leader was last heard. */
  heardMs: number;
  /** The page of its promise that this acceptor has told a candidate last, if others follow it, and when. */
  told: { readonly from: number; readonly atMs: number };
  /** Until then this acceptor has lent its promise to the leader (reads by lease). */
  grantedUntilMs: number;
  /** To whose ballot; undefined while that is forgotten, after a restart. */
  grantedTo: Ballot | undefined;
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
  readonly promises: Promises;
  /** The ballot of the leader that asked this node to take over; round 0 where none did. */
  readonly released: Ballot;
  resendAtMs: number;
}

/** What has come of phase 1. It goes on under a leader when new members come into force. */
export interface Promises {
  /** Nodes that have promised this ballot and reported every slot. */
  readonly nodes: NodeId[];
  /** Where the next page of reports starts, by each peer that was asked; 0 after the last page. */
  readonly pages: Record<NodeId, number>;
  /** By each peer, the pages that came before the one that they follow. */
  readonly ahead: Record<NodeId, readonly Page[]>;
  /** By slot, the reported value of the highest ballot. */
  readonly reports: SlotLog;
}

/** This node lacks chosen slots up to `target`, and has asked a node that has them. */
export interface CatchUp {
  readonly from: NodeId;
  readonly target: number;
  readonly retryAtMs: number;
}

/** The agreement's own part is the members of the slots that follow. */
export type PaxosSnapshot = ConsensusSnapshot & { readonly meta: readonly ChosenMembers[] };

export interface IncomingSnapshot {
  readonly from: NodeId;
  readonly index: number;
  readonly total: number;
  readonly members: readonly ChosenMembers[];
  readonly parts: string[];
  received: number;
}

export type Counters = ReturnType<typeof noCounts>;

/** A node as its disk left it. What it knows to be chosen is applied in its first step. */
export function initialState(options: ConsensusOptions): PaxosState {
  const { self, nodes, durable, seed, nowMs } = options;
  const settings = settingsOf(options.settings);
  const snapshot = durable.snapshot as PaxosSnapshot | undefined;
  const base = snapshot?.index ?? 0;
  const members = snapshot?.meta ?? [{ slot: 0, members: firstMembers(options) }];
  const state: PaxosState = {
    ...{ self, peers: nodes.filter((node) => node !== self), settings, seed },
    configurations: members.map((each) => configuration(each, settings.alpha)),
    counters: noCounts(),
    ...{ promised: noBallot, log: slotLog(base), chosen: base, applied: base, persists: 0 },
    ...{ snapshot, heard: { ballot: noBallot, chosen: 0 } },
    ...{ catchUp: undefined, incoming: undefined, role: { kind: 'following' } },
    ...{ leader: undefined, heardMs: nowMs, timeoutMs: 0, deadlineMs: 0, draws: 0 },
    told: { from: 0, atMs: -Infinity },
    // A lease granted before a crash is forgotten by it, and must be waited out (Made Live §5.2).
    grantedUntilMs: settings.reads === 'lease' ? nowMs + settings.electionMs : nowMs,
    ...{ grantedTo: undefined, highestRound: 0 },
  };
  for (const record of durable.records) replay(state, record as PaxosRecord);
  for (let slot = base + 1; slot <= state.chosen; slot++) {
    noteChosen(state, { slot, command: entryAt(state.log, slot)?.command, alpha: settings.alpha });
  }
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
  memberChanges: number;
  handovers: number;
} {
  return {
    ...{ elections: 0, messages: 0, accepts: 0, heartbeats: 0, rejects: 0, resends: 0 },
    ...{ noops: 0, recovered: 0, catchUps: 0, snapshotsSent: 0, snapshotsInstalled: 0 },
    ...{ memberChanges: 0, handovers: 0 },
  };
}
