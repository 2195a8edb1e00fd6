import type { NodeId } from '../../core/node-id.ts';
import type { Reply } from '../../core/protocol.ts';
import { post } from './outbox.ts';
import type { Asker, Pending, ReplicaState, Turn, WaitingByIndex } from './state.ts';

/**
 * Ends a request with its reply. Replies leave `early`: they claim nothing of this node's own disk.
 * What was applied was durable at a majority before the agreement let it be applied, what was read
 * was applied, and a refusal or an unknown says only what is in no log, or in doubt.
 */
export function settle<Inner, Message>(
  turn: Turn<Inner, Message>,
  pending: Pending,
  reply: Reply,
): void {
  forget(turn.state, pending);
  answer(turn, pending.from, pending.unresolved ? withDoubt(reply) : reply);
}

export function answer<Inner, Message>(
  { state, effects }: Turn<Inner, Message>,
  from: Asker,
  reply: Reply,
): void {
  if (from.kind === 'client') {
    effects.push({ kind: 'reply', id: from.id, reply, early: true });
    return;
  }
  const { node, boot, number } = from;
  post(state, node, { kind: 'forwarded', boot, number, reply });
}

/**
 * Only the state machine knows what became of an earlier attempt. The other refusals speak of the
 * last attempt alone, even `no-session`: the session may have been forgotten since.
 */
function withDoubt(reply: Reply): Reply {
  if (reply.kind !== 'refused') return reply;
  if (reply.reason === 'cas-mismatch' || reply.reason === 'wrong-type') return reply;
  return { kind: 'unknown', reason: `tried twice, and the second time refused: ${reply.reason}` };
}

/** Nobody waits for the request any more. */
export function forget<Inner>(state: ReplicaState<Inner>, pending: Pending): void {
  leaveStage(state, pending);
  state.pending.delete(pending.number);
  if (pending.from.kind === 'client') state.clients.delete(pending.from.id);
}

/** Puts the request back among those that wait for a leader. */
export function enqueue<Inner>(state: ReplicaState<Inner>, pending: Pending): void {
  leaveStage(state, pending);
  pending.stage = { kind: 'queued' };
  state.queue.add(pending);
}

export function leaveStage<Inner>(state: ReplicaState<Inner>, pending: Pending): void {
  const { stage } = pending;
  switch (stage.kind) {
    case 'queued':
      state.queue.delete(pending);
      return;
    case 'asked':
      return;
    case 'proposed':
      takeOut(state.proposed, stage.index, pending);
      return;
    case 'readable':
      takeOut(state.readable, stage.index, pending);
      return;
    case 'forwarded':
      state.forwarded.delete(stage.number);
  }
}

export function putAt(waiting: WaitingByIndex, index: number, pending: Pending): void {
  const there = waiting.get(index);
  if (there === undefined) waiting.set(index, [pending]);
  else there.push(pending);
}

/** All that wait for an index leave together, so that settling each of them finds nothing to search. */
export function takeAll(waiting: WaitingByIndex, index: number): readonly Pending[] {
  const there = waiting.get(index);
  if (there === undefined) return [];
  waiting.delete(index);
  return there;
}

function takeOut(waiting: WaitingByIndex, index: number, pending: Pending): void {
  const there = waiting.get(index);
  if (there === undefined) return;
  const left = there.filter((each) => each !== pending);
  if (left.length === 0) waiting.delete(index);
  else waiting.set(index, left);
}

export function notLeader(leader: NodeId | undefined): Reply {
  if (leader === undefined) return { kind: 'refused', reason: 'not-leader' };
  return { kind: 'refused', reason: 'not-leader', leader };
}

export const overloaded: Reply = { kind: 'refused', reason: 'overloaded' };
