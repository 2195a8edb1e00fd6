import { inForce, isQuorum } from './membership.ts';
import type { Leading } from './leading.ts';
import type { PaxosState } from './state.ts';
import { type Turn, rejectAsFollower } from './turn.ts';
import { beginRound } from './rounds.ts';

/**
 * A linearizable read must see everything chosen before it began. A leader knows all of that once
 * the slots which phase 1 recovered are chosen, as long as no higher ballot has taken over since. It
 * makes sure of the latter by a round of heartbeats begun after the read (Ongaro's ReadIndex,
 * dissertation §6.4, serves Paxos as it is), or by a lease (Paxos Made Live §5.2).
 */
export function onRead(turn: Turn, id: number): void {
  const { state, effects } = turn;
  const { role, settings } = state;
  if (settings.reads === 'local') {
    effects.push({ kind: 'readable', id, index: state.applied });
  } else if (role.kind !== 'leading') {
    rejectAsFollower(turn, id);
  } else if (role.reads.length >= settings.maxReads) {
    effects.push({ kind: 'rejected', id, reason: 'overloaded', leader: state.self });
  } else if (settings.reads === 'lease' && mayReadByLease(state, role, turn.nowMs)) {
    effects.push({ kind: 'readable', id, index: state.chosen });
  } else {
    role.reads.push({ id, round: role.round + 1 });
    role.isPutOff = true;
  }
}

/** One round serves every read that came before it; those that come meanwhile share the next. */
export function beginRoundForReads(turn: Turn, role: Leading): void {
  const isCovered = (role.reads.at(-1)?.round ?? 0) <= role.round;
  if (!isCovered && role.confirmed === role.round) beginRound(turn, role);
}

/** Answers the reads whose round a quorum has answered. */
export function releaseReads(turn: Turn, role: Leading): void {
  const { state, effects } = turn;
  if (role.reads.length === 0 || !isUpToDate(state, role)) return;
  let released = 0;
  for (const { id, round } of role.reads) {
    if (round > role.confirmed) break;
    effects.push({ kind: 'readable', id, index: state.chosen });
    released += 1;
  }
  role.reads.splice(0, released);
  if (role.reads.length > 0 && role.confirmed === role.round) beginRound(turn, role);
}

export function rejectReads(turn: Turn, role: Leading): void {
  for (const { id } of role.reads.splice(0))
    turn.effects.push({ kind: 'rejected', id, reason: 'not-leader' });
}

/**
 * Whether everything is known that was chosen in lower ballots: phase 1 has asked a quorum of those who
 * decide on the next slot, and what it recovered is chosen.
 */
function isUpToDate(state: PaxosState, { barrier, promises }: Leading): boolean {
  return state.chosen >= barrier && isQuorum(inForce(state), promises.nodes);
}

/**
 * The lease runs from the sending of the round that a quorum answered, less the drift that clocks may
 * have, and each acceptor's part of it from the receipt. So it is over here before any quorum of
 * acceptors is free to promise another ballot, and a new leader has no grace left to wait out.
 */
function mayReadByLease(state: PaxosState, role: Leading, nowMs: number): boolean {
  const { electionMs, driftPercent } = state.settings;
  const confirmedMs = role.sentMs[0] ?? -Infinity;
  const leaseMs = electionMs * (1 - driftPercent / 100);
  // Before a round is answered by those who can now elect another, a leader has promises, but no lease.
  if (role.confirmed < role.entered.round || role.isLeaseBroken) return false;
  if (!isUpToDate(state, role)) return false;
  return nowMs < confirmedMs + leaseMs;
}
