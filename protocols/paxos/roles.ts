import type { NodeId } from '../../core/node-id.ts';
import { rngOf } from '../../core/rng.ts';
import type { Ballot } from './ballot.ts';
import { rejectReads } from './reads.ts';
import { votersOf } from './membership.ts';
import type { Leading } from './leading.ts';
import type { PaxosState } from './state.ts';
import { type Turn, administered } from './turn.ts';

/**
 * Waits a random while before standing for election. Proposers that retry at once can outbid each
 * other for ever (Paxos Made Simple §2.4); draws that differ let one of them finish.
 */
export function drawTimeout(state: PaxosState, nowMs: number): void {
  const { electionMs } = state.settings;
  state.draws += 1;
  const rng = rngOf(state.seed, `${state.self}/timeout/${state.draws}`);
  state.timeoutMs = electionMs * (1 + rng.float());
  state.deadlineMs = nowMs + state.timeoutMs;
}

/**
 * Phase 1 comes further: who sees that waits on. A tail that takes longer to tell than a timeout would
 * otherwise never be told, and nobody would lead again.
 */
export function waitOn(state: PaxosState, nowMs: number): void {
  state.deadlineMs = nowMs + state.timeoutMs;
}

/** Gives up whatever this node was proposing. Unsent proposals are gone for good. */
export function stepDown(turn: Turn): void {
  const { state, nowMs } = turn;
  if (state.role.kind === 'leading') {
    rejectReads(turn, state.role);
    leaveChange(turn, state.role);
  }
  state.role = { kind: 'following' };
  state.leader = undefined;
  drawTimeout(state, nowMs);
}

/** Whether this node may lead, as far as it knows: it has a vote in an open slot. */
export function mayStand(state: PaxosState): boolean {
  return votersOf(state).includes(state.self);
}

function leaveChange(turn: Turn, { change }: Leading): void {
  if (change === undefined) return;
  const { id, slot } = change;
  if (slot === undefined) turn.effects.push({ kind: 'rejected', id, reason: 'not-leader' });
  else {
    administered(turn, id, { kind: 'unknown', reason: 'its successor has to finish the change' });
  }
}

/** A leader of this ballot, at or above the promised one, has spoken. */
export function followLeader(turn: Turn, leader: NodeId, ballot: Ballot): void {
  const { state, nowMs } = turn;
  noteRound(state, ballot);
  if (state.role.kind !== 'following') stepDown(turn);
  state.leader = leader;
  state.heardMs = nowMs;
  waitOn(state, nowMs);
}

export function noteRound(state: PaxosState, ballot: Ballot): void {
  state.highestRound = Math.max(state.highestRound, ballot.round);
}
