import type { NodeId } from '../../core/node-id.ts';
import type { Reply } from '../../core/protocol.ts';
import { isRepeatable } from './command.ts';
import { post } from './outbox.ts';
import { enqueue, leaveStage, notLeader, overloaded, settle } from './settle.ts';
import { type Pending, type Turn, mostForwards, retryMs } from './state.ts';

/**
 * Finds another way for a request that certainly entered no log here. What another node sent goes
 * back to it, so that no request travels further than one hop.
 */
export function elsewhere<Inner, Message>(
  turn: Turn<Inner, Message>,
  pending: Pending,
  leader: NodeId | undefined,
): void {
  const { self, settings, view, forwarded } = turn.state;
  if (pending.from.kind === 'node' || !settings.forward) settle(turn, pending, notLeader(leader));
  else if (view.leader === undefined || view.leader === self) wait(turn, pending);
  else if (forwarded.size >= mostForwards) settle(turn, pending, overloaded);
  else forward(turn, pending, view.leader);
}

function forward<Inner, Message>(
  { state }: Turn<Inner, Message>,
  pending: Pending,
  to: NodeId,
): void {
  const { boot, view, forwarded, counters } = state;
  leaveStage(state, pending);
  const number = ++state.numbers;
  const { term } = view;
  pending.stage = { kind: 'forwarded', number, to, term };
  forwarded.set(number, pending);
  counters.forwardsSent += 1;
  const oldest = lowest(forwarded) ?? number;
  const { request } = pending;
  post(state, to, { kind: 'forward', boot, number, oldest, term, request });
}

/** Numbers only rise, so the first key is the lowest. */
function lowest(forwarded: ReadonlyMap<number, unknown>): number | undefined {
  const first = forwarded.keys().next();
  return first.done === true ? undefined : first.value;
}

/** Waits for a leader to be known, or for the one that is known to take it. */
export function wait<Inner, Message>(
  { state, nowMs }: Turn<Inner, Message>,
  pending: Pending,
): void {
  enqueue(state, pending);
  if (state.view.leader === undefined) return;
  state.retryAtMs = Math.min(state.retryAtMs, nowMs + retryMs);
}

/** Another command stands where this one was proposed: it is in no log that will ever be applied. */
export function lost<Inner, Message>(turn: Turn<Inner, Message>, pending: Pending): void {
  const { state } = turn;
  state.counters.proposalsLost += 1;
  if (pending.from.kind === 'node' || !state.settings.forward) {
    settle(turn, pending, notLeader(state.view.leader));
    return;
  }
  enqueue(state, pending);
  turn.retry = true;
}

const transferred: Reply = { kind: 'ok', value: null };
const givenUp: Reply = { kind: 'refused', reason: 'gave-up' };

/**
 * Another node leads now: a transfer is over, whoever it was to. Requests that may stand in a log of the one before are asked again of the
 * new one where that is harmless; other writes are in doubt as soon as their only witness is gone.
 */
export function followLeader<Inner, Message>(turn: Turn<Inner, Message>): void {
  const { state } = turn;
  const { leader, term } = state.view;
  turn.retry = true;
  if (leader === undefined) return;
  for (const pending of [...state.pending.values()]) {
    const { stage, request } = pending;
    if (request.op === 'transfer' && stage.kind !== 'queued') {
      settle(turn, pending, leader === request.to ? transferred : givenUp);
      continue;
    }
    const isElsewhere = stage.kind === 'forwarded' && (stage.to !== leader || stage.term !== term);
    const isDeposed = stage.kind === 'proposed' && leader !== state.self;
    if (pending.from.kind === 'node' || !(isElsewhere || isDeposed)) continue;
    if (isRepeatable(request)) {
      pending.unresolved = request.op !== 'get';
      state.counters.forwardsResent += 1;
      enqueue(state, pending);
    } else if (stage.kind === 'forwarded' && stage.to !== leader) {
      const reason = `passed on to ${stage.to}, and ${leader} leads since`;
      settle(turn, pending, { kind: 'unknown', reason });
    }
  }
}
