import type { Configuration } from './configuration.ts';
import type { Entry } from './log.ts';

/** Could you vote for me in `term`? (dissertation §9.6) The term is the one after the asker's. */
export interface PreVote {
  readonly kind: 'pre-vote';
  readonly term: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
}

/** If granted, `term` is the one that was asked about; if not, the voter's own. */
export interface PreVoteReply {
  readonly kind: 'pre-vote-reply';
  readonly term: number;
  readonly granted: boolean;
}

/**
 * RequestVote (§5.2, §5.4.1). In a handover the leader itself wants it, and nobody need stand by it
 * (dissertation §4.2.3).
 */
export interface Vote {
  readonly kind: 'vote';
  readonly term: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly handover: boolean;
}

export interface VoteReply {
  readonly kind: 'vote-reply';
  readonly term: number;
  readonly granted: boolean;
}

/** AppendEntries (§5.3): these entries follow the one at `previousIndex`. */
export interface Append {
  readonly kind: 'append';
  readonly term: number;
  readonly previousIndex: number;
  readonly previousTerm: number;
  readonly entries: readonly Entry[];
  readonly commitIndex: number;
}

/** The follower's log is durable and the leader's up to `matchIndex`. */
export interface AppendReply {
  readonly kind: 'append-reply';
  readonly term: number;
  readonly matchIndex: number;
}

/**
 * The follower's log does not have `previousIndex` with `previousTerm`. It may agree with the
 * leader's up to `hintIndex`, where it has `hintTerm`, and certainly does not after it.
 */
export interface AppendRefusal {
  readonly kind: 'append-refusal';
  readonly term: number;
  readonly previousIndex: number;
  readonly hintIndex: number;
  readonly hintTerm: number;
}

/** Of the entries that this follower has acknowledged, those up to `index` are committed. */
export interface Commit {
  readonly kind: 'commit';
  readonly term: number;
  readonly index: number;
}

/** The leader leads still; `round` is for the follower to return. `commitIndex` as in `Commit`. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly term: number;
  readonly commitIndex: number;
  readonly round: number;
}

export interface HeartbeatReply {
  readonly kind: 'heartbeat-reply';
  readonly term: number;
  readonly round: number;
}

/** InstallSnapshot (§7), one piece: `chunk` belongs at `offset` of `size` characters. */
export interface SnapshotChunk {
  readonly kind: 'snapshot';
  readonly term: number;
  readonly index: number;
  readonly indexTerm: number;
  /** The one in force at `index`. */
  readonly configuration: Configuration;
  readonly size: number;
  readonly offset: number;
  readonly chunk: string;
}

/** The follower has the snapshot of `index` up to `offset`. (A whole one is an `AppendReply`.) */
export interface SnapshotReply {
  readonly kind: 'snapshot-reply';
  readonly term: number;
  readonly index: number;
  readonly offset: number;
}

/** Start an election at once: you shall lead in my place (dissertation §3.10). */
export interface TimeoutNow {
  readonly kind: 'timeout-now';
  readonly term: number;
}

export type FromLeader = Append | Commit | Heartbeat | SnapshotChunk | TimeoutNow;
export type ToLeader = AppendReply | AppendRefusal | HeartbeatReply | SnapshotReply;

export type RaftMessage = PreVote | PreVoteReply | Vote | VoteReply | FromLeader | ToLeader;
