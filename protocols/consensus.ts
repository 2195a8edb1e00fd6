import type { NodeId } from '../core/node-id.ts';
import type {
  Administration,
  Counters,
  ProtocolStatus,
  Reply,
  Standing,
} from '../core/protocol.ts';

/**
 * Agreement on a log of opaque commands, and nothing more: Raft and Multi-Paxos implement it, and
 * `replica/` puts the state machine, sessions and forwarding on top to make a `Protocol`.
 * The rules of `Protocol` hold: `step` changes the state in place, does no I/O, and effects are
 * obeyed in order, with `early` ones free to overtake a pending persist.
 */
export interface Consensus<State, Message> {
  readonly name: string;
  init(options: ConsensusOptions): State;
  step(state: State, input: ConsensusInput<Message>, nowMs: number): ConsensusEffect<Message>[];
  wakeAt(state: State): number;
  status(state: State): ProtocolStatus;
  counters(state: State): Counters;
  /** See `Protocol.standing`. */
  standing?(state: State): Standing;
  isMessage(value: unknown): value is Message;
}

export interface ConsensusOptions {
  readonly self: NodeId;
  /** All machines of the cluster. Those that are no members wait until they are added. */
  readonly nodes: readonly NodeId[];
  /** What the disk kept. A snapshot holds the state machine's own in `machine`. */
  readonly durable: {
    readonly snapshot?: ConsensusSnapshot;
    readonly records: readonly unknown[];
  };
  readonly seed: number;
  readonly nowMs: number;
  /**
   * `reads`: `index` (default), `lease` or `local`. `members`: who votes before any change, see
   * `firstMembers`. Others are the protocol's own.
   */
  readonly settings: Readonly<Record<string, string>>;
}

/** The state up to and including `index`. `meta` is the protocol's own (term, ballot, …). */
export interface ConsensusSnapshot {
  readonly index: number;
  readonly meta: unknown;
  /** The state machine's snapshot, as a byte string (one character a byte). */
  readonly machine: string;
}

/** A command is plain data, opaque to the agreement. */
export type Command = unknown;

export type ConsensusInput<Message> =
  | { readonly kind: 'tick' }
  | { readonly kind: 'message'; readonly from: NodeId; readonly message: Message }
  /** Get this into the log. Answered by `proposed` or `rejected`, at once. */
  | { readonly kind: 'propose'; readonly id: number; readonly command: Command }
  /** Make sure that a read is linearizable. Answered by `readable` or `rejected`, later. */
  | { readonly kind: 'read'; readonly id: number }
  /** Change the members, or who leads. Answered by `administered` or `rejected`, at once or later. */
  | { readonly kind: 'administer'; readonly id: number; readonly request: Administration }
  | { readonly kind: 'persisted'; readonly number: number }
  /** The machine's state up to `index` is here: forget the log up to there. */
  | { readonly kind: 'compact'; readonly index: number; readonly machine: string };

export type ConsensusEffect<Message> =
  | { readonly kind: 'persist'; readonly records: readonly unknown[] }
  | {
      readonly kind: 'compact';
      readonly snapshot: ConsensusSnapshot;
      readonly records: readonly unknown[];
    }
  | {
      readonly kind: 'send';
      readonly to: NodeId;
      readonly message: Message;
      readonly early?: boolean;
    }
  /**
   * The proposal stands at `index` of this node's log, and at no other index of any log, ever. It took
   * effect if the command applied at `index` is this very command, and certainly did not if another
   * is; whoever proposes gives commands an identity to compare. `term` is for the record.
   */
  | {
      readonly kind: 'proposed';
      readonly id: number;
      readonly index: number;
      readonly term: number;
    }
  /** Neither in a log nor ever going to be: this node does not lead, or has too much under way. */
  | {
      readonly kind: 'rejected';
      readonly id: number;
      readonly reason: 'not-leader' | 'overloaded';
      readonly leader?: NodeId;
    }
  /**
   * What became of an administrator's request. A transfer that is under way needs no answer: it is
   * over when the leader changes, as `status` shows.
   */
  | { readonly kind: 'administered'; readonly id: number; readonly reply: Reply }
  /** The read with this id may be answered once everything up to `index` is applied. */
  | { readonly kind: 'readable'; readonly id: number; readonly index: number }
  /**
   * Committed, and durable at a majority by itself, whatever of this node's own persists is pending:
   * replies that follow from it may leave early. Apply now, in this order.
   * Indexes are consecutive over all applies and restores.
   */
  | { readonly kind: 'apply'; readonly entries: readonly AppliedEntry[] }
  /** Replace the machine's state by this snapshot's. Everything applied before is in it. */
  | { readonly kind: 'restore'; readonly snapshot: ConsensusSnapshot };

export interface AppliedEntry {
  readonly index: number;
  readonly term: number;
  /** null for the protocol's own no-ops. */
  readonly command: Command;
}
