import type { NodeId } from './node-id.ts';

/**
 * A protocol computes, a host acts. `step` takes an input and the time, changes the state in place,
 * and returns effects; it reads no clock, socket, file or randomness. The same file runs in every
 * world. State is plain data, so that it can be cloned, printed and compared.
 */
export interface Protocol<State, Message> {
  readonly name: string;
  init(options: ProtocolOptions): State;
  step(state: State, input: Input<Message>, nowMs: number): Effect<Message>[];
  /**
   * When the next `tick` is of use, in milliseconds of the same clock; Infinity for never. A moment that is
   * past says that a step put off what is best done once for several inputs: hosts step all that has come
   * in, and then tick at once. Such a tick need not be good for anything else that is due.
   */
  wakeAt(state: State): number;
  status(state: State): ProtocolStatus;
  /** By name. Apart from the status, which is asked for much more often. */
  counters(state: State): Counters;
  /** The same as in `status`, at the cost of a look: asked after every turn. */
  standing?(state: State): Standing;
  /** Whether bytes that came from outside, once decoded, are a message; hostile input is not. */
  isMessage(value: unknown): value is Message;
}

export interface ProtocolOptions {
  readonly self: NodeId;
  /** All machines of the cluster, `self` included; who of them votes, the settings may say. */
  readonly nodes: readonly NodeId[];
  /** What the disk kept, in the order in which it was persisted. */
  readonly durable: Durable;
  /** Seeds the protocol's own draws (election timeouts). */
  readonly seed: number;
  readonly nowMs: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** The last snapshot, if there is one, and every record persisted after it. */
export interface Durable {
  readonly snapshot?: unknown;
  readonly records: readonly unknown[];
}

export type Input<Message> =
  /** Time has passed. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'message'; readonly from: NodeId; readonly message: Message }
  /** A client asks. `id` is the host's, and comes back in the reply. */
  | { readonly kind: 'request'; readonly id: number; readonly request: Request }
  /** The client of that request is gone; nobody waits for its reply. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** Every `persist` with this number or a lower one is durable. */
  | { readonly kind: 'persisted'; readonly number: number };

/**
 * Hosts obey effects **in order**: whatever follows a `persist`, in this step or a later one, waits
 * until it is durable. Only what is marked `early` claims nothing about this node's disk and may
 * leave at once. Hosts number the persists 1, 2, 3, … from their start and report them by `persisted`.
 */
export type Effect<Message> =
  /** Append these records; they come back from `Durable.records` after a restart. */
  | { readonly kind: 'persist'; readonly records: readonly unknown[] }
  /**
   * Replace everything persisted before by this snapshot followed by these records. It counts as one
   * persist, and takes effect wholly or not at all.
   */
  | { readonly kind: 'compact'; readonly snapshot: unknown; readonly records: readonly unknown[] }
  | {
      readonly kind: 'send';
      readonly to: NodeId;
      readonly message: Message;
      readonly early?: boolean;
    }
  | {
      readonly kind: 'reply';
      readonly id: number;
      readonly reply: Reply;
      readonly early?: boolean;
    };

/**
 * A client's command. Keys and values are byte strings, one character a byte (Latin-1), so that any
 * value passes through unchanged. A write with a session may be sent again with the same number and
 * applies once (Ongaro, dissertation §6.3).
 */
export type Request =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'open-session' }
  | (Write & { readonly session?: number; readonly sequence?: number })
  | Administration;

/**
 * What an administrator asks of a cluster. One thing at a time: while it is under way, another is
 * refused.
 */
export type Administration =
  /** From now on exactly these machines vote. Answered once that is agreed on for good. */
  | { readonly op: 'members'; readonly nodes: readonly NodeId[] }
  /** Lead in my place. Answered once the node leads. */
  | { readonly op: 'transfer'; readonly to: NodeId };

export type Write =
  | { readonly op: 'set'; readonly key: string; readonly value: string }
  | { readonly op: 'cas'; readonly key: string; readonly from: string | null; readonly to: string }
  | { readonly op: 'del'; readonly key: string }
  | { readonly op: 'append'; readonly key: string; readonly value: string }
  | { readonly op: 'incr'; readonly key: string };

export type Reply =
  /** It happened. `value` is what was read or computed; null where there is nothing. */
  | { readonly kind: 'ok'; readonly value: string | number | null }
  /** It certainly took no effect and never will: refused before it could enter any log, or a command
   * that does not fit the state (a cas whose expectation failed, an incr of text). */
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'not-leader'
        | 'cas-mismatch'
        | 'wrong-type'
        | 'no-session'
        | 'overloaded'
        /** Of an administrator's request: another one is under way. */
        | 'under-way'
        /** There is no such node, or not enough of them, or the node may not lead. */
        | 'impossible'
        /** New members did not catch up in time, or the node asked to lead does not. */
        | 'gave-up';
      readonly leader?: NodeId;
    }
  /** It may take effect yet. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a node takes itself for, and whom it follows. */
export interface Standing {
  readonly role: 'leader' | 'follower' | 'candidate' | 'other';
  readonly term: number;
  readonly leader?: NodeId | undefined;
}

/** Asks for the standing by whatever way is there. */
export function standingOf<State>(
  asked: Pick<Protocol<State, never>, 'status' | 'standing'>,
  state: State,
): Standing {
  return asked.standing?.(state) ?? asked.status(state);
}

export interface ProtocolStatus extends Standing {
  readonly leader?: NodeId;
  /** The machines that vote, as far as this one knows; absent where that can never change. */
  readonly members?: readonly NodeId[];
  readonly commitIndex: number;
  readonly appliedIndex: number;
}

export type Counters = Readonly<Record<string, number>>;
