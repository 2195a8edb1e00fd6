import type { NodeId } from '../core/node-id.ts';
import type { Input, Protocol, Reply } from '../core/protocol.ts';
import { type HeldEffects, heldEffects } from './held-effects.ts';
import type { Schedule } from './schedule.ts';

/** What the loop writes to; `persist` and `compact` are numbered from 1 in the order of the calls. */
export interface LoopLog {
  persist(records: readonly unknown[]): void;
  compact(snapshot: unknown, records: readonly unknown[]): void;
  waitingBytes(): number;
}

/** What messages travel as, from loop to loop. */
export interface Codec<Parcel> {
  /** What is sent later must not change with what the message came from. */
  encode(message: unknown): Parcel;
  /** Undefined where it is no data of anybody's. */
  decode(parcel: Parcel): unknown;
}

export interface LoopOptions<State, Message, Parcel> extends LoopParts<State, Message> {
  readonly codec: Codec<Parcel>;
  /** May lose what it is given; never blocks. */
  readonly send: (to: NodeId, parcel: Parcel) => void;
}

export interface LoopParts<State, Message> {
  readonly protocol: Protocol<State, Message>;
  readonly state: State;
  readonly log: LoopLog;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly schedule: Schedule;
  /** The protocol threw: its state is broken, and the loop does nothing more. */
  readonly onCrash: (crash: Crash) => void;
  /** After every turn; for noticing changes of role. */
  readonly onTurn?: () => void;
}

export interface Crash {
  readonly error: unknown;
  readonly state: unknown;
  readonly input: unknown;
}

export interface LoopStats {
  readonly turns: number;
  readonly inputs: number;
  readonly maxTurnInputs: number;
  readonly openRequests: number;
  readonly heldEffects: number;
  readonly requestsRefused: number;
  readonly messagesDropped: number;
}

/** A parcel of whichever kind the loop was made for. */
export type Sealed = unknown;

/** A loop and all that changes in it. */
export interface Running<State, Message> {
  readonly options: LoopParts<State, Message>;
  /** Takes a message as it is now, for `send`. What that is, only the options know. */
  readonly seal: (message: Message) => Sealed;
  readonly send: (to: NodeId, sealed: Sealed) => void;
  /** The message that this step has sealed last, and as what: it may go to others as well. */
  lastMessage: Message | null;
  lastSealed: Sealed;
  readonly held: HeldEffects;
  readonly open: Map<number, (reply: Reply) => void>;
  inputs: Input<Message>[];
  requestIds: number;
  persists: number;
  durable: number;
  scheduled: boolean;
  /** Takes the next turn; one function for all of them. */
  takeTurn: (() => void) | null;
  /** Calls off the timer that is set. */
  cancelTimer: (() => void) | null;
  timerAtMs: number;
  /** When the protocol next wants a tick. */
  wakeAtMs: number;
  over: boolean;
  turns: number;
  inputCount: number;
  maxTurnInputs: number;
  requestsRefused: number;
  messagesDropped: number;
}

export function runningOf<State, Message, Parcel>(
  options: LoopOptions<State, Message, Parcel>,
): Running<State, Message> {
  const { codec, send } = options;
  return {
    seal: (message) => codec.encode(message),
    send: (to, sealed) => send(to, sealed as Parcel),
    ...{ lastMessage: null, lastSealed: undefined },
    ...{ options, held: heldEffects(), open: new Map(), inputs: [] },
    ...{ requestIds: 0, persists: 0, durable: 0, scheduled: false, takeTurn: null, over: false },
    ...{ cancelTimer: null, timerAtMs: Infinity },
    wakeAtMs: options.protocol.wakeAt(options.state),
    ...{ turns: 0, inputCount: 0, maxTurnInputs: 0, requestsRefused: 0, messagesDropped: 0 },
  };
}

export function statsOf<State, Message>(running: Running<State, Message>): LoopStats {
  return {
    turns: running.turns,
    inputs: running.inputCount,
    maxTurnInputs: running.maxTurnInputs,
    openRequests: running.open.size,
    heldEffects: running.held.size,
    requestsRefused: running.requestsRefused,
    messagesDropped: running.messagesDropped,
  };
}
