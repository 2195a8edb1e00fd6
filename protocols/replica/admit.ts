import type { NodeId } from '../../core/node-id.ts';
import type { Request } from '../../core/protocol.ts';
import { isRepeatable } from './command.ts';
import { dispatch } from './dispatch.ts';
import { emptyWindow, isFirst } from './forward-window.ts';
import type { Forward, Forwarded } from './message.ts';
import { wait } from './route.ts';
import { answer, forget, overloaded, settle } from './settle.ts';
import { type Asker, type Pending, type ReplicaState, type Turn, mostPending } from './state.ts';

/** Takes a request in and sends it on its way; refuses it where too many wait already. */
export function admit<Inner, Message>(
  turn: Turn<Inner, Message>,
  from: Asker,
  request: Request,
): void {
  const { state, nowMs } = turn;
  if (state.pending.size >= mostPending) {
    state.counters.requestsOverloaded += 1;
    answer(turn, from, overloaded);
    return;
  }
  const number = ++state.numbers;
  const deadlineMs = nowMs + state.settings.requestTimeoutMs;
  const stage = { kind: 'queued' } as const;
  const pending: Pending = { number, request, from, deadlineMs, stage, unresolved: false };
  state.pending.set(number, pending);
  if (from.kind === 'client') state.clients.set(from.id, number);
  state.deadlineAtMs = Math.min(state.deadlineAtMs, deadlineMs);
  dispatch(turn, pending);
}

/** What the client asked for may still happen; only its reply is no longer wanted. */
export function cancel<Inner, Message>({ state }: Turn<Inner, Message>, id: number): void {
  const number = state.clients.get(id);
  const pending = number === undefined ? undefined : state.pending.get(number);
  if (pending !== undefined) forget(state, pending);
}

/**
 * Takes a request from another node. One that a second time would do harm is taken once, however
 * often the network delivers it. To an earlier life of this node the first copy may have come: only
 * what was sent in a later term than the one it started with is known to be for this life.
 */
export function accept<Inner, Message>(
  turn: Turn<Inner, Message>,
  from: NodeId,
  message: Forward,
): void {
  const { state } = turn;
  const { boot, number, request, term } = message;
  if (!state.nodes.includes(from) || from === state.self) return;
  state.counters.forwardsReceived += 1;
  const asker: Asker = { kind: 'node', node: from, boot, number };
  if (!isRepeatable(request)) {
    if (term <= state.bootTerm) {
      answer(turn, asker, { kind: 'unknown', reason: `${state.self} has started again since` });
      return;
    }
    if (!isFirst(windowOf(state, from), message)) {
      state.counters.forwardsDoubled += 1;
      return;
    }
  }
  admit(turn, asker, request);
}

function windowOf<Inner>(state: ReplicaState<Inner>, from: NodeId): ReturnType<typeof emptyWindow> {
  const known = state.received.get(from) ?? emptyWindow();
  state.received.set(from, known);
  return known;
}

/** Takes another node's answer to a forward; one that came too late, or twice, finds nobody waiting. */
export function hear<Inner, Message>(
  turn: Turn<Inner, Message>,
  from: NodeId,
  { boot, number, reply }: Forwarded,
): void {
  const { state } = turn;
  const pending = boot === state.boot ? state.forwarded.get(number) : undefined;
  if (pending?.stage.kind !== 'forwarded' || pending.stage.to !== from) return;
  // It certainly stands in no log of the one that declined, so it may be given to another.
  if (reply.kind === 'refused' && reply.reason === 'not-leader') wait(turn, pending);
  else settle(turn, pending, reply);
}
