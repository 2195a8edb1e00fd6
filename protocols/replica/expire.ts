import type { Reply } from '../../core/protocol.ts';
import { notLeader, settle } from './settle.ts';
import type { Pending, ReplicaState, Turn } from './state.ts';

/** Answers whoever has waited long enough, with what is certain now. */
export function expire<Inner, Message>(turn: Turn<Inner, Message>): void {
  const { state, nowMs } = turn;
  if (nowMs < state.deadlineAtMs) return;
  // In order of arrival, which is the order of deadlines: the first that may wait on is the last look.
  for (const pending of state.pending.values()) {
    if (pending.deadlineMs > nowMs) {
      state.deadlineAtMs = pending.deadlineMs;
      return;
    }
    state.counters.requestsTimedOut += 1;
    settle(turn, pending, atDeadline(state, pending));
  }
  state.deadlineAtMs = Infinity;
}

function atDeadline<Inner>(state: ReplicaState<Inner>, { stage }: Pending): Reply {
  const { requestTimeoutMs } = state.settings;
  switch (stage.kind) {
    case 'queued':
      return notLeader(state.view.leader);
    case 'asked':
      return unknown(`no majority confirmed it within ${requestTimeoutMs} ms`);
    case 'proposed':
      return unknown(`nothing was agreed on at index ${stage.index} within ${requestTimeoutMs} ms`);
    case 'readable':
      return unknown(`index ${stage.index} was not applied within ${requestTimeoutMs} ms`);
    case 'forwarded':
      return unknown(`no answer from ${stage.to} within ${requestTimeoutMs} ms`);
  }
}

function unknown(reason: string): Reply {
  return { kind: 'unknown', reason };
}
