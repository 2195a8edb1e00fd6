import type { Administration, ProtocolStatus, Standing } from '../../core/protocol.ts';
import type { Consensus, ConsensusInput } from '../consensus.ts';
import { advanceChange, giveUpChange, onMembers } from './change.ts';
import { onPromisePersisted, resendWhenDue, standForElection } from './election.ts';
import { enterConfigurations } from './enter.ts';
import { callMembers, giveUpHandover, leaveToMembers, onTransfer } from './handover.ts';
import { isPaxosMessage } from './is-message.ts';
import { applyChosen, retryCatchUp } from './learner.ts';
import { inForce } from './membership.ts';
import type { PaxosMessage } from './messages.ts';
import { catchUpWithClients, leadOn, onAcceptPersisted, onPropose } from './proposer.ts';
import { onRead } from './reads.ts';
import { receive } from './receive.ts';
import { drawTimeout, mayStand } from './roles.ts';
import { onCompact } from './snapshot.ts';
import type { Leading } from './leading.ts';
import { type PaxosState, initialState } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Multi-Paxos (Lamport, Paxos Made Simple, 2001, §3): one leader by ballot runs phase 1 once for all
 * slots and then phase 2 for batch after batch. See the README of this folder for the whole story.
 */
export const paxos: Consensus<PaxosState, PaxosMessage> = {
  name: 'paxos',
  init(options) {
    const state = initialState(options);
    drawTimeout(state, options.nowMs);
    return state;
  },
  step(state, input, nowMs) {
    const turn: Turn = { state, effects: [], nowMs };
    take(turn, input);
    if (state.role.kind === 'leading') {
      if (input.kind === 'propose' || input.kind === 'read') return turn.effects;
      goOnLeading(turn, state.role);
    }
    // What a restarted node knew to be chosen is applied in its first step.
    applyChosen(turn);
    return turn.effects;
  },
  wakeAt,
  status,
  counters: ({ counters }) => ({ ...counters }),
  standing,
  isMessage: isPaxosMessage,
};

function take(turn: Turn, input: ConsensusInput<PaxosMessage>): void {
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
      onPersisted(turn, input.number);
      return;
    case 'compact':
      onCompact(turn, input.index, input.machine);
  }
}

function onTick(turn: Turn): void {
  const { state, nowMs } = turn;
  const { role } = state;
  if (role.kind === 'leading') {
    // A tick that was asked for to go on with what was put off is for that alone: timers ask for their own.
    if (!role.isPutOff) leadOn(turn, role);
    return;
  }
  retryCatchUp(turn);
  if (nowMs >= state.deadlineMs) onTimeout(turn);
  else if (role.kind !== 'following') resendWhenDue(turn, role);
}

function onTimeout(turn: Turn): void {
  if (mayStand(turn.state)) standForElection(turn);
  else callMembers(turn);
}

/** Whatever came in, a leader then does all that it put off, and all that has to do with its members. */
function goOnLeading(turn: Turn, role: Leading): void {
  catchUpWithClients(turn, role);
  enterConfigurations(turn, role);
  advanceChange(turn, role);
  giveUpChange(turn, role);
  giveUpHandover(turn, role);
  leaveToMembers(turn, role);
}

function onAdminister(turn: Turn, id: number, request: Administration): void {
  if (request.op === 'members') onMembers(turn, id, request.nodes);
  else onTransfer(turn, id, request.to);
}

function onPersisted(turn: Turn, number: number): void {
  const { role } = turn.state;
  if (role.kind === 'preparing') onPromisePersisted(turn, role, number);
  else if (role.kind === 'leading') onAcceptPersisted(turn, role, number);
}

function wakeAt(state: PaxosState): number {
  const { role } = state;
  if (state.applied < state.chosen) return -Infinity;
  if (role.kind === 'leading') return role.isPutOff ? -Infinity : role.heartbeatAtMs;
  const retryAtMs = state.catchUp?.retryAtMs ?? Infinity;
  const resendAtMs = role.kind === 'following' ? Infinity : role.resendAtMs;
  return Math.min(state.deadlineMs, retryAtMs, resendAtMs);
}

function standing({ role, promised, leader }: PaxosState): Standing {
  const term = 'ballot' in role ? role.ballot.round : promised.round;
  return { role: roleNames[role.kind], term, leader };
}

function status(state: PaxosState): ProtocolStatus {
  const { role, term, leader } = standing(state);
  const { chosen: commitIndex, applied: appliedIndex } = state;
  const { members } = inForce(state);
  const known = { role, term, members, commitIndex, appliedIndex };
  return leader === undefined ? known : { ...known, leader };
}

const roleNames = {
  following: 'follower',
  probing: 'candidate',
  preparing: 'candidate',
  leading: 'leader',
} as const;
