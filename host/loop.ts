import type { NodeId } from '../core/node-id.ts';
import type { Counters, Effect, Input, ProtocolStatus, Reply, Request } from '../core/protocol.ts';
import {
  type Codec,
  type Crash,
  type LoopOptions,
  type LoopStats,
  type Running,
  type Sealed,
  runningOf,
  statsOf,
} from './loop-state.ts';

export type { Codec, Crash, LoopOptions, LoopStats };

/**
 * Runs one protocol: feeds it inputs, obeys its effects by the rules of `core/protocol.ts`. All that
 * comes in during one turn of Node's event loop is stepped through together, so that it shares one
 * write to the disk and one to each socket.
 */
export interface Loop<Parcel = Uint8Array> {
  /** Calls `onReply` once, unless the request is cancelled before. Returns the id to cancel by. */
  request(request: Request, onReply: (reply: Reply) => void): number;
  cancel(id: number): void;
  /** False when it holds no message of the protocol; whoever sent it cannot be trusted. */
  message(from: NodeId, parcel: Parcel): boolean;
  /** Everything up to this persist is durable. */
  durable(number: number): void;
  status(): ProtocolStatus;
  counters(): Counters;
  /** Takes no more inputs; what waits for the disk may still leave. */
  stop(): void;
  /** Open requests end unknown. */
  abandon(reason: string): void;
  readonly stats: LoopStats;
}

/** One turn takes this many inputs at most, then lets sockets and timers have theirs. */
const maxTurnInputs = 2048;
/** Beyond these bounds requests are refused, and messages dropped as a network would. */
const maxQueuedInputs = 65_536;
const maxOpenRequests = 65_536;
const maxWaitingBytes = 64 << 20;

/** A protocol that wants to be woken at once gets its turn, but does not starve the process. */
const minTimerMs = 1;
const maxTimerMs = 2 ** 31 - 1;

export function loopOf<State, Message, Parcel>(
  options: LoopOptions<State, Message, Parcel>,
): Loop<Parcel> {
  const running = runningOf(options);
  scheduleTurn(running);
  return {
    request: (request, onReply) => takeRequest(running, request, onReply),
    cancel(id) {
      if (running.open.delete(id)) take(running, { kind: 'cancel', id });
    },
    message: (from, parcel) => takeMessage(running, from, options.codec.decode(parcel)),
    durable(number) {
      running.durable = number;
      running.held.release(number);
      take(running, { kind: 'persisted', number });
    },
    status: () => options.protocol.status(options.state),
    counters: () => options.protocol.counters(options.state),
    stop() {
      running.cancelTimer?.();
      running.over = true;
    },
    abandon(reason) {
      for (const onReply of running.open.values()) onReply({ kind: 'unknown', reason });
      running.open.clear();
    },
    get stats() {
      return statsOf(running);
    },
  };
}

function takeRequest<State, Message>(
  running: Running<State, Message>,
  request: Request,
  onReply: (reply: Reply) => void,
): number {
  const id = ++running.requestIds;
  if (running.over || running.open.size >= maxOpenRequests || isOverloaded(running)) {
    running.requestsRefused++;
    onReply({ kind: 'refused', reason: 'overloaded' });
    return id;
  }
  running.open.set(id, onReply);
  take(running, { kind: 'request', id, request });
  return id;
}

function takeMessage<State, Message>(
  running: Running<State, Message>,
  from: NodeId,
  message: unknown,
): boolean {
  if (!running.options.protocol.isMessage(message)) return false;
  if (isOverloaded(running)) running.messagesDropped++;
  else take(running, { kind: 'message', from, message });
  return true;
}

function isOverloaded<State, Message>(running: Running<State, Message>): boolean {
  const { inputs, options } = running;
  return inputs.length >= maxQueuedInputs || options.log.waitingBytes() >= maxWaitingBytes;
}

function take<State, Message>(running: Running<State, Message>, input: Input<Message>): void {
  if (running.over) return;
  // Most turns have one input. An array that begins empty and grows is made for many.
  if (running.inputs.length === 0) running.inputs = [input];
  else running.inputs.push(input);
  scheduleTurn(running);
}

/** Runs after the events that are already due, so that their inputs come along. */
function scheduleTurn<State, Message>(running: Running<State, Message>): void {
  if (running.scheduled) return;
  running.scheduled = true;
  running.options.schedule.soon((running.takeTurn ??= () => takeTurn(running)));
}

function takeTurn<State, Message>(running: Running<State, Message>): void {
  running.scheduled = false;
  if (!running.over) turn(running);
}

function turn<State, Message>(running: Running<State, Message>): void {
  const { nowMs, onTurn } = running.options;
  const inputs = nextInputs(running);
  const startedMs = nowMs();
  running.turns++;
  running.inputCount += inputs.length;
  running.maxTurnInputs = Math.max(running.maxTurnInputs, inputs.length);
  if (running.wakeAtMs <= startedMs) step(running, { kind: 'tick' }, startedMs);
  for (const input of inputs) step(running, input, startedMs);
  finishTurn(running, startedMs);
  if (running.over) return;
  if (running.inputs.length > 0) scheduleTurn(running);
  setTimer(running);
  onTurn?.();
}

function nextInputs<State, Message>(running: Running<State, Message>): Input<Message>[] {
  const { inputs } = running;
  if (inputs.length > maxTurnInputs) return inputs.splice(0, maxTurnInputs);
  running.inputs = [];
  return inputs;
}

function step<State, Message>(
  running: Running<State, Message>,
  input: Input<Message>,
  startedMs: number,
): void {
  if (running.over) return;
  const { protocol, state, onCrash } = running.options;
  try {
    running.lastMessage = null;
    for (const effect of protocol.step(state, input, startedMs)) obey(running, effect);
  } catch (error) {
    running.over = true;
    onCrash({ error, state, input });
  }
}

/**
 * What is sent is encoded here and not when it leaves, because the protocol goes on changing the
 * state that a message may point into.
 */
function obey<State, Message>(running: Running<State, Message>, effect: Effect<Message>): void {
  const { log } = running.options;
  switch (effect.kind) {
    case 'persist':
      running.persists++;
      log.persist(effect.records);
      return;
    case 'compact':
      running.persists++;
      log.compact(effect.snapshot, effect.records);
      return;
    case 'send': {
      const sealed = sealedOnce(running, effect.message);
      if (mayLeave(running, effect)) running.send(effect.to, sealed);
      else hold(running, sealed, effect.to);
      return;
    }
    case 'reply':
      if (mayLeave(running, effect)) reply(running, effect.id, effect.reply);
      else holdReply(running, effect);
  }
}

/** One step's message to several nodes is encoded once. */
function sealedOnce<State, Message>(running: Running<State, Message>, message: Message): Sealed {
  if (running.lastMessage !== message) {
    running.lastMessage = message;
    running.lastSealed = running.seal(message);
  }
  return running.lastSealed;
}

function mayLeave<State, Message>(
  { durable, persists }: Running<State, Message>,
  { early }: { readonly early?: boolean },
): boolean {
  return early === true || durable === persists;
}

/** Apart, as `holdReply` is, so that only what has to wait costs a closure. */
function hold<State, Message>(
  { held, persists, send }: Running<State, Message>,
  sealed: Sealed,
  to: NodeId,
): void {
  held.hold(persists, () => send(to, sealed));
}

function holdReply<State, Message>(
  running: Running<State, Message>,
  { id, reply: answer }: Extract<Effect<Message>, { kind: 'reply' }>,
): void {
  running.held.hold(running.persists, () => reply(running, id, answer));
}

function reply<State, Message>(running: Running<State, Message>, id: number, answer: Reply): void {
  const onReply = running.open.get(id);
  running.open.delete(id);
  onReply?.(answer);
}

/**
 * Asks the protocol when it next wants a tick, which only its inputs can change. It wants one at once
 * where it has put something off until all that came in was stepped through.
 */
function finishTurn<State, Message>(running: Running<State, Message>, startedMs: number): void {
  const { protocol, state } = running.options;
  running.wakeAtMs = protocol.wakeAt(state);
  if (running.wakeAtMs > startedMs || running.over) return;
  step(running, { kind: 'tick' }, startedMs);
  running.wakeAtMs = protocol.wakeAt(state);
}

/**
 * One timer, which comes at that moment or before it. Whatever puts the moment off, as every heartbeat
 * does an election, leaves the timer where it is: it looks again when it comes.
 */
function setTimer<State, Message>(running: Running<State, Message>): void {
  const { nowMs, schedule } = running.options;
  const { wakeAtMs, timerAtMs, cancelTimer } = running;
  if (cancelTimer !== null && timerAtMs <= wakeAtMs) return;
  cancelTimer?.();
  running.cancelTimer = null;
  if (wakeAtMs === Infinity) return;
  const delayMs = Math.min(maxTimerMs, Math.max(minTimerMs, Math.ceil(wakeAtMs - nowMs())));
  running.timerAtMs = wakeAtMs;
  running.cancelTimer = schedule.after(delayMs, () => {
    running.cancelTimer = null;
    if (running.wakeAtMs <= nowMs()) scheduleTurn(running);
    else setTimer(running);
  });
}
