import type { NodeId } from '../../core/node-id.ts';
import type { ConsensusSnapshot } from '../consensus.ts';
import type { RaftConfig } from './config.ts';
import type { Counters } from './counters.ts';
import type { RaftLog } from './log.ts';
import type { Progress } from './progress.ts';

export type RaftRole = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/** One node, as plain data. Figure 2 of the paper names its core. */
export interface RaftState {
  readonly self: NodeId;
  /** All other machines of the cluster; which of them vote stands in the log. */
  readonly peers: readonly NodeId[];
  readonly config: RaftConfig;
  readonly seed: number;
  /** How many election timeouts have been drawn. */
  draws: number;

  role: RaftRole;
  term: number;
  vote: NodeId | null;
  leader: NodeId | undefined;
  readonly log: RaftLog;
  snapshot: ConsensusSnapshot | undefined;
  commitIndex: number;
  appliedIndex: number;
  readonly disk: DiskProgress;

  /** When to start an election; leaders never do. */
  electionDueMs: number;
  electionTimeoutMs: number;
  /** When this node last heard from the leader of its term; -Infinity for never. */
  heardMs: number;
  /** Answers to this node's own candidacy. */
  votes: Record<NodeId, boolean>;
  incoming: IncomingSnapshot | undefined;
  /** Only while this node leads. */
  leading: Leadership | undefined;
  readonly counters: Counters;
}

/** Which of this node's writes are durable (`persisted` inputs tell). */
export interface DiskProgress {
  written: number;
  synced: number;
  /** The write that holds the newest term and vote. */
  hardNumber: number;
  /** The log is durable up to here. */
  durableIndex: number;
  /** The first index that has new entries to write; Infinity if none has. */
  unwrittenFrom: number;
  /** Writes under way, and up to where each makes the log durable. */
  pending: { readonly number: number; lastIndex: number }[];
}

/** A snapshot as it arrives, in order. */
export interface IncomingSnapshot {
  readonly term: number;
  readonly index: number;
  readonly size: number;
  offset: number;
  readonly chunks: string[];
}

export interface Leadership {
  /** Of every other voter, and of those that are to become one. */
  progress: Record<NodeId, Progress>;
  /** The no-op that this term began with. */
  firstIndex: number;
  /** Proposals or reads have come that nothing was done about yet: the next step that leads does. */
  isPutOff: boolean;
  heartbeatDueMs: number;
  /** Heartbeat rounds that no quorum has answered yet, oldest first. */
  rounds: { readonly round: number; readonly sentMs: number }[];
  lastRound: number;
  /** The last round that a quorum answered, and when it was sent: by then, nobody else had led. */
  confirmedRound: number;
  confirmedMs: number;
  /** Reads that wait, oldest first, each for the first round to begin after it came. */
  readonly reads: { readonly id: number; readonly round: number }[];
  /** One at a time, and not while the other is under way. */
  change: Change | undefined;
  handover: Handover | undefined;
  /** Voters may have been told not to stand by this leader. */
  isLeaseBroken: boolean;
}

/** A change of members under way. */
export interface Change {
  /** Who asked for it; undefined when a leader before was asked. */
  readonly id: number | undefined;
  readonly members: readonly NodeId[];
  phase: 'catching-up' | 'joint' | 'final';
  /** Where the configuration of this phase stands in the log. */
  index: number;
  /** Newcomers catch up to this index first, and then perhaps to a later one. */
  round: { readonly number: number; readonly index: number; readonly beganMs: number };
  /** How far all newcomers together have come. */
  reached: number;
  /** When newcomers have to have come further. */
  deadlineMs: number;
}

/** A transfer of leadership under way. */
export interface Handover {
  readonly id: number;
  readonly to: NodeId;
  readonly deadlineMs: number;
  /** The other has been told to begin. */
  isOut: boolean;
}
