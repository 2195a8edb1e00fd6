import type { NodeId } from '../../core/node-id.ts';
import { onPreVote, onPreVoteReply, onTimeoutNow, onVote, onVoteReply } from './election.ts';
import { learnCommit, onAppend } from './follower.ts';
import { onSnapshotChunk } from './install.ts';
import type { FromLeader, RaftMessage } from './messages.ts';
import { onAppendRefusal, onAppendReply } from './replication.ts';
import { becomeFollower, hearLeader, standsByLeader } from './roles.ts';
import { onHeartbeat, onHeartbeatReply } from './rounds.ts';
import { onSnapshotReply } from './transfer.ts';
import { type Turn, send } from './turn.ts';

/** Terms come first (§5.1): a later one ends this node's role, an earlier one ends the message. */
export function receive(turn: Turn, from: NodeId, message: RaftMessage): void {
  const { state } = turn;
  state.counters.messagesReceived += 1;
  if (!state.peers.includes(from) || isUnwelcome(turn, message)) {
    state.counters.messagesIgnored += 1;
    return;
  }
  if (message.term > state.term && !isHypothetical(message)) {
    becomeFollower(turn, message.term, isFromLeader(message) ? from : undefined);
  }
  if (message.term < state.term) {
    state.counters.messagesIgnored += 1;
    answerStale(turn, from, message);
    return;
  }
  const progress = state.leading?.progress[from];
  if (progress !== undefined) progress.heardMs = turn.nowMs;
  if (isFromLeader(message)) follow(turn, from, message);
  else answer(turn, from, message);
}

/** A candidate that this node stands against by its leader. Its term, too, is not taken up. */
function isUnwelcome(turn: Turn, message: RaftMessage): boolean {
  const isCandidate = message.kind === 'pre-vote' || (message.kind === 'vote' && !message.handover);
  return isCandidate && message.term > turn.state.term && standsByLeader(turn);
}

/** Terms that are only asked about are nobody's yet. */
function isHypothetical(message: RaftMessage): boolean {
  return message.kind === 'pre-vote' || (message.kind === 'pre-vote-reply' && message.granted);
}

function isFromLeader(message: RaftMessage): message is FromLeader {
  const { kind } = message;
  if (kind === 'append' || kind === 'heartbeat' || kind === 'commit') return true;
  return kind === 'snapshot' || kind === 'timeout-now';
}

/** A deposed leader and a late candidate learn of this node's term, and so find their place. */
function answerStale(turn: Turn, from: NodeId, { kind }: RaftMessage): void {
  const { term } = turn.state;
  if (kind === 'vote') send(turn, from, { kind: 'vote-reply', term, granted: false });
  if (kind === 'pre-vote') send(turn, from, { kind: 'pre-vote-reply', term, granted: false });
  if (kind === 'append' || kind === 'heartbeat' || kind === 'snapshot') {
    send(turn, from, { kind: 'heartbeat-reply', term, round: 0 });
  }
}

function follow(turn: Turn, from: NodeId, message: FromLeader): void {
  const { state } = turn;
  if (state.role === 'leader') {
    // A term has one leader, and it is this node.
    state.counters.messagesIgnored += 1;
    return;
  }
  hearLeader(turn, from);
  switch (message.kind) {
    case 'append':
      onAppend(turn, from, message);
      return;
    case 'commit':
      learnCommit(state, message.index);
      return;
    case 'heartbeat':
      onHeartbeat(turn, from, message);
      return;
    case 'timeout-now':
      onTimeoutNow(turn);
      return;
    case 'snapshot':
      onSnapshotChunk(turn, from, message);
  }
}

function answer(turn: Turn, from: NodeId, message: Exclude<RaftMessage, FromLeader>): void {
  switch (message.kind) {
    case 'pre-vote':
      onPreVote(turn, from, message);
      return;
    case 'pre-vote-reply':
      onPreVoteReply(turn, from, message);
      return;
    case 'vote':
      onVote(turn, from, message);
      return;
    case 'vote-reply':
      onVoteReply(turn, from, message);
      return;
    case 'append-reply':
      onAppendReply(turn, from, message);
      return;
    case 'append-refusal':
      onAppendRefusal(turn, from, message);
      return;
    case 'heartbeat-reply':
      onHeartbeatReply(turn, from, message);
      return;
    case 'snapshot-reply':
      onSnapshotReply(turn, from, message);
  }
}
