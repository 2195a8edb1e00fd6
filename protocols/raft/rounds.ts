import type { NodeId } from '../../core/node-id.ts';
import { reachedByAll } from './configuration.ts';
import { learnCommit } from './follower.ts';
import { configurationOf } from './log.ts';
import type { Heartbeat, HeartbeatReply } from './messages.ts';
import { resume } from './progress.ts';
import type { Leadership, RaftState } from './state.ts';
import { type Turn, send, sendEarly } from './turn.ts';

/**
 * Begins a round of heartbeats. Whoever answers it still followed this leader after it began, so once
 * a quorum has, nobody else had been elected by then (dissertation §6.4). Reads and leases rest on
 * that; a late answer to an earlier round proves nothing for a later one.
 */
export function beginRound(turn: Turn, leading: Leadership): void {
  const { state, nowMs } = turn;
  const { term, commitIndex, config, counters } = state;
  leading.lastRound += 1;
  leading.rounds.push({ round: leading.lastRound, sentMs: nowMs });
  leading.heartbeatDueMs = nowMs + config.heartbeatMs;
  for (const peer in leading.progress) {
    const matchIndex = leading.progress[peer]?.matchIndex ?? 0;
    counters.heartbeatsSent += 1;
    sendEarly(turn, peer, {
      ...{ kind: 'heartbeat', term, round: leading.lastRound },
      commitIndex: Math.min(commitIndex, matchIndex),
    });
  }
  confirmRounds(state, leading);
}

/** The answer says nothing of the log: it need not wait for entries to be durable, only the term. */
export function onHeartbeat(turn: Turn, from: NodeId, heartbeat: Heartbeat): void {
  const { state } = turn;
  const { term, disk } = state;
  learnCommit(state, heartbeat.commitIndex);
  const reply = { kind: 'heartbeat-reply', term, round: heartbeat.round } as const;
  const isTermDurable = !turn.hardChanged && disk.hardNumber <= disk.synced;
  if (isTermDurable) sendEarly(turn, from, reply);
  else send(turn, from, reply);
}

export function onHeartbeatReply(turn: Turn, from: NodeId, reply: HeartbeatReply): void {
  const { leading, config } = turn.state;
  const progress = leading?.progress[from];
  if (leading === undefined || progress === undefined || reply.round > leading.lastRound) return;
  progress.round = Math.max(progress.round, reply.round);
  confirmRounds(turn.state, leading);
  resume(progress, turn.nowMs - 2 * config.heartbeatMs);
}

function confirmRounds(state: RaftState, leading: Leadership): void {
  if (leading.rounds.length === 0) return;
  const confirmed = latestConfirmed(state, leading);
  for (let first = leading.rounds[0]; first !== undefined; first = leading.rounds[0]) {
    if (first.round > confirmed) return;
    leading.confirmedRound = first.round;
    leading.confirmedMs = first.sentMs;
    leading.rounds.shift();
  }
}

/** The latest round that a quorum has answered; the leader itself answers each at once. */
function latestConfirmed({ self, log }: RaftState, { progress, lastRound }: Leadership): number {
  return reachedByAll(configurationOf(log).quorums, (node) =>
    node === self ? lastRound : (progress[node]?.round ?? 0),
  );
}
