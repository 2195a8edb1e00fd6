import type { NodeId } from '../../core/node-id.ts';
import type { Effect, ProtocolStatus, Request } from '../../core/protocol.ts';
import type { Consensus } from '../consensus.ts';
import type { KvMachine } from '../kv/index.ts';
import type { CommandName } from './command.ts';
import type { ForwardWindow } from './forward-window.ts';
import type { Passed, ReplicaMessage } from './message.ts';
import type { ReplicaSettings } from './settings.ts';

/** Requests a node holds at a time; one more is refused. */
export const mostPending = 8192;

/** Forwards a node has under way at a time; one more is refused. */
export const mostForwards = 4096;

/** How soon a request that found nobody leading, or a leader that declined, is tried again. */
export const retryMs = 20;

/** Everything that one node's replica knows. `Inner` is the state of the agreement. */
export interface ReplicaState<Inner> {
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly settings: ReplicaSettings;
  /** Names this life of the node. */
  readonly boot: string;
  /** The term at the start: what was sent to an earlier life of this node was sent in it or before. */
  readonly bootTerm: number;
  readonly agreement: Inner;
  machine: KvMachine;
  appliedIndex: number;
  /** What was applied since the last snapshot, and what that took. */
  readonly sinceSnapshot: { entries: number; bytes: number; snapshotBytes: number };
  view: View;
  /** This node as the proposer of commands in the term of `view`; one string, since every command has it. */
  proposer: string;
  /** The last number given to a request or a forward. */
  numbers: number;
  /** Every request that waits, in order of arrival, which is the order of deadlines. */
  readonly pending: Map<number, Pending>;
  /** Numbers of the requests of this node's own clients, by the host's id. */
  readonly clients: Map<number, number>;
  /** In no log by certain knowledge, or harmless there: waiting for a leader to be given to. */
  readonly queue: Set<Pending>;
  /** Proposals by the index they stand at. Two, where another leader's log came between. */
  readonly proposed: WaitingByIndex;
  /** Confirmed reads by the index that they wait for. */
  readonly readable: WaitingByIndex;
  /** Requests that wait for another node's answer, by the number of the forward. */
  readonly forwarded: Map<number, Pending>;
  readonly received: Map<NodeId, ForwardWindow>;
  /** What leaves at the end of the turn. */
  readonly outbox: Map<NodeId, Passed[]>;
  /** No deadline passes before this moment. */
  deadlineAtMs: number;
  /** When to try again what is queued although a leader is known. */
  retryAtMs: number;
  readonly counters: {
    forwardsSent: number;
    forwardsReceived: number;
    forwardsResent: number;
    forwardsDoubled: number;
    requestsOverloaded: number;
    requestsTimedOut: number;
    proposalsLost: number;
    snapshotsTaken: number;
    snapshotsRestored: number;
  };
}

/** Who leads, as far as this node knows. */
export type View = Pick<ProtocolStatus, 'leader' | 'term'> & { readonly leading: boolean };

export type WaitingByIndex = Map<number, Pending[]>;

export interface Pending {
  readonly number: number;
  readonly request: Request;
  readonly from: Asker;
  readonly deadlineMs: number;
  stage: Stage;
  /** An earlier attempt may stand in some log: from now on no refusal of this node's is certain. */
  unresolved: boolean;
}

/** Who is owed the reply: a client of this node, or a node for a client of its own. */
export type Asker =
  | { readonly kind: 'client'; readonly id: number }
  | {
      readonly kind: 'node';
      readonly node: NodeId;
      readonly boot: string;
      readonly number: number;
    };

export type Stage =
  | { readonly kind: 'queued' }
  /** Put to the agreement, which has not said yet where it stands or what it may read. */
  | { readonly kind: 'asked'; readonly name?: CommandName }
  | { readonly kind: 'proposed'; readonly index: number; readonly name: CommandName }
  | { readonly kind: 'readable'; readonly index: number }
  | {
      readonly kind: 'forwarded';
      readonly number: number;
      readonly to: NodeId;
      readonly term: number;
    };

/** One step under way: what it may use, and the effects so far. */
export interface Turn<Inner, Message> {
  readonly consensus: Consensus<Inner, Message>;
  readonly state: ReplicaState<Inner>;
  readonly nowMs: number;
  readonly effects: Effect<ReplicaMessage<Message>>[];
  /** What is queued shall be given out again before the step ends. */
  retry: boolean;
}
