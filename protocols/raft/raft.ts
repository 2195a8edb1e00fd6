import type { ProtocolStatus } from '../../core/protocol.ts';
import type { Consensus, ConsensusInput, ConsensusOptions } from '../consensus.ts';
import { configOf } from './config.ts';
import { zeroCounters } from './counters.ts';
import { startElection } from './election.ts';
import { onCompact } from './install.ts';
import { isRaftMessage } from './is-message.ts';
import { lead, leaderWakesMs, onLeaderTick } from './leadership.ts';
import { lastIndexOf } from './log.ts';
import type { RaftMessage } from './messages.ts';
import { onRead } from './reads.ts';
import { receive } from './receive.ts';
import { recover } from './records.ts';
import { onPropose } from './replication.ts';
import { drawElectionTimeout } from './roles.ts';
import type { RaftState } from './state.ts';
import { type RaftEffect, type Turn, beginTurn, endTurn } from './turn.ts';

/**
 * Raft (Ongaro & Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014; § alone
 * refers to it) with the extensions of Ongaro's dissertation: PreVote, CheckQuorum, ReadIndex and
 * lease reads, pipelining, and the leader's disk write in parallel with replication.
 */
export const raft: Consensus<RaftState, RaftMessage> = {
  name: 'raft',
  init,
  step,
  wakeAt: (state) =>
    state.leading === undefined ? state.electionDueMs : leaderWakesMs(state, state.leading),
  status,
  isMessage: isRaftMessage,
};

function init(options: ConsensusOptions): RaftState {
  const { self, nodes, durable, seed, nowMs, settings } = options;
  const { term, vote, log } = recover(durable);
  const index = durable.snapshot?.index ?? 0;
  const lastIndex = lastIndexOf(log);
  const state: RaftState = {
    ...{ self, peers: nodes.filter((id) => id !== self), config: configOf(settings), seed },
    ...{ quorum: Math.floor(nodes.length / 2) + 1, draws: 0 },
    ...{ role: 'follower', term, vote, leader: undefined, log, snapshot: durable.snapshot },
    ...{ commitIndex: index, appliedIndex: index },
    disk: { written: 0, synced: 0, hardNumber: 0, durableIndex: lastIndex, pending: [] },
    // Under leases this start counts as having heard from a leader: see `standsByLeader`.
    ...{ electionDueMs: nowMs, electionTimeoutMs: 0, heardMs: nowMs },
    ...{ votes: {}, incoming: undefined, leading: undefined, counters: zeroCounters() },
  };
  drawElectionTimeout(state);
  state.electionDueMs = nowMs + state.electionTimeoutMs;
  return state;
}

function step(state: RaftState, input: ConsensusInput<RaftMessage>, nowMs: number): RaftEffect[] {
  const turn = beginTurn(state, nowMs);
  take(turn, input);
  if (state.leading !== undefined) lead(turn, state.leading);
  return endTurn(turn);
}

function take(turn: Turn, input: ConsensusInput<RaftMessage>): void {
  switch (input.kind) {
    case 'tick':
      onTick(turn);
      return;
    case 'message':
      receive(turn, input.from, input.message);
      return;
    case 'propose':
      onPropose(turn, input.id, input.command);
      return;
    case 'read':
      onRead(turn, input.id);
      return;
    case 'persisted':
      onPersisted(turn.state, input.number);
      return;
    case 'compact':
      onCompact(turn, input.index, input.machine);
  }
}

function onTick(turn: Turn): void {
  const { leading, electionDueMs } = turn.state;
  if (leading !== undefined) onLeaderTick(turn, leading);
  else if (turn.nowMs >= electionDueMs) startElection(turn);
}

/** The log is durable as far as the last durable write made it, and later ones left it alone. */
function onPersisted({ disk }: RaftState, number: number): void {
  disk.synced = Math.max(disk.synced, number);
  for (let [first] = disk.pending; first !== undefined; [first] = disk.pending) {
    if (first.number > number) return;
    disk.durableIndex = Math.max(disk.durableIndex, first.lastIndex);
    disk.pending.shift();
  }
}

function status({
  role,
  term,
  leader,
  commitIndex,
  appliedIndex,
  counters,
}: RaftState): ProtocolStatus {
  return {
    ...{ role: role === 'pre-candidate' ? 'candidate' : role, term, commitIndex, appliedIndex },
    ...(leader === undefined ? {} : { leader }),
    counters: { ...counters },
  };
}
