import type { Administration, ProtocolStatus } from '../../core/protocol.ts';
import type { Consensus, ConsensusInput, ConsensusOptions } from '../consensus.ts';
import { firstMembers } from '../members.ts';
import { onMembers } from './change.ts';
import { configOf } from './config.ts';
import { zeroCounters } from './counters.ts';
import { mayBeElected, onPersistedVote, startElection } from './election.ts';
import { onTransfer } from './handover.ts';
import { onCompact } from './install.ts';
import { isRaftMessage } from './is-message.ts';
import { lead, leaderWakesMs, onLeaderTick } from './leadership.ts';
import { configurationOf, lastIndexOf } from './log.ts';
import type { RaftMessage } from './messages.ts';
import { onRead } from './reads.ts';
import { receive } from './receive.ts';
import { recover } from './records.ts';
import { onPropose } from './replication.ts';
import { drawElectionTimeout } from './roles.ts';
import type { RaftState } from './state.ts';
import { type RaftEffect, type Turn, beginTurn, endTurn, putOff } from './turn.ts';

/**
 * Raft (Ongaro & Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014; § alone
 * refers to it) with the extensions of Ongaro's dissertation: PreVote, CheckQuorum, ReadIndex and
 * lease reads, pipelining, and the leader's disk write in parallel with replication.
 */
export const raft: Consensus<RaftState, RaftMessage> = {
  name: 'raft',
  init,
  step,
  wakeAt,
  status,
  counters: ({ counters }) => ({ ...counters }),
  standing: ({ role, term, leader }) => ({ role: roleNameOf(role), term, leader }),
  isMessage: isRaftMessage,
};

function init(options: ConsensusOptions): RaftState {
  const { self, nodes, durable, seed, nowMs, settings } = options;
  const { term, vote, log } = recover(durable, { members: firstMembers(options) });
  const index = durable.snapshot?.index ?? 0;
  const lastIndex = lastIndexOf(log);
  const state: RaftState = {
    ...{ self, peers: nodes.filter((id) => id !== self), config: configOf(settings), seed },
    ...{
      draws: 0,
      role: 'follower',
      term,
      vote,
      leader: undefined,
      log,
      snapshot: durable.snapshot,
    },
    ...{ commitIndex: index, appliedIndex: index },
    disk: {
      written: 0,
      synced: 0,
      hardNumber: 0,
      durableIndex: lastIndex,
      pending: [],
      unwrittenFrom: Infinity,
    },
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
  if (state.leading === undefined) return endTurn(turn);
  // One write and one message to each follower serve all proposals and reads that come together.
  if (input.kind === 'propose' || input.kind === 'read') return putOff(turn);
  lead(turn, state.leading);
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
    case 'administer':
      onAdminister(turn, input.id, input.request);
      return;
    case 'persisted':
      onPersisted(turn.state, input.number);
      onPersistedVote(turn);
      return;
    case 'compact':
      onCompact(turn, input.index, input.machine);
  }
}

function onTick(turn: Turn): void {
  const { state, nowMs } = turn;
  const { leading, electionDueMs } = state;
  // A tick that was asked for to go on with what was put off is for that alone: timers ask for their own.
  if (leading?.isPutOff === true) return;
  if (leading !== undefined) onLeaderTick(turn, leading);
  else if (nowMs < electionDueMs) return;
  else if (mayBeElected(state)) startElection(turn);
  // Who is no member waits to hear from a leader, and knows when it no longer does.
  else state.leader = undefined;
}

function wakeAt(state: RaftState): number {
  if (state.leading !== undefined) return leaderWakesMs(state, state.leading);
  return state.leader === undefined && !mayBeElected(state) ? Infinity : state.electionDueMs;
}

function onAdminister(turn: Turn, id: number, request: Administration): void {
  if (request.op === 'members') onMembers(turn, id, request.nodes);
  else onTransfer(turn, id, request.to);
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

function status(state: RaftState): ProtocolStatus {
  const { role, term, leader, log, commitIndex, appliedIndex } = state;
  const { members } = configurationOf(log).configuration;
  const known = { role: roleNameOf(role), term, members, commitIndex, appliedIndex };
  return leader === undefined ? known : { ...known, leader };
}

function roleNameOf(role: RaftState['role']): ProtocolStatus['role'] {
  return role === 'pre-candidate' ? 'candidate' : role;
}
