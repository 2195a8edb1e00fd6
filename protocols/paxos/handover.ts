import type { NodeId } from '../../core/node-id.ts';
import { compareBallots } from './ballot.ts';
import { prepareAtOnce } from './election.ts';
import { hearChosen } from './learner.ts';
import { inForce } from './membership.ts';
import type { MessageOf } from './messages.ts';
import { followLeader, stepDown } from './roles.ts';
import type { Leading } from './leading.ts';
import type { PaxosState } from './state.ts';
import { type Turn, administered, refuse, rejectAsFollower, sendEarly } from './turn.ts';

/**
 * Leadership transfer: the leader proposes nothing new, and a member runs phase 1 at once. It need not
 * catch up first, as in Raft (Ongaro's dissertation §3.10): phase 1 tells it everything. If it does not
 * lead after an election timeout, everything goes on as before.
 */
export function onTransfer(turn: Turn, id: number, to: NodeId): void {
  const { state, nowMs } = turn;
  const { role, self, settings } = state;
  if (role.kind !== 'leading') rejectAsFollower(turn, id);
  else if (to === self) administered(turn, id, { kind: 'ok', value: null });
  else if (!inForce(state).members.includes(to)) refuse(turn, id, 'impossible');
  else if (role.change !== undefined || role.handover !== undefined) {
    refuse(turn, id, 'under-way');
  } else {
    role.handover = { id, to, deadlineMs: nowMs + settings.electionMs };
    sendTakeOver(turn, role, to);
  }
}

/** The other may lead yet: the message is on its way for who knows how long. */
export function giveUpHandover(turn: Turn, role: Leading): void {
  const { handover } = role;
  if (handover === undefined || turn.nowMs < handover.deadlineMs) return;
  role.handover = undefined;
  const reason = `${handover.to} was asked to lead and has not done so in time`;
  administered(turn, handover.id, { kind: 'unknown', reason });
}

/**
 * Members of whom this leader is none are in force, and a quorum of them knows it: one of them takes
 * over. Until then somebody had to lead who knew.
 */
export function leaveToMembers(turn: Turn, role: Leading): void {
  const { state } = turn;
  if (inForce(state).members.includes(state.self) || !isKnownInForce(state, role)) return;
  const [first] = [...inForce(state).members].sort(
    (one, other) => (role.known[other] ?? 0) - (role.known[one] ?? 0),
  );
  if (first !== undefined) sendTakeOver(turn, role, first);
  stepDown(turn);
}

/** Whether, should all others be switched off now, the members in force can go on by themselves. */
export function isKnownInForce(state: PaxosState, { known }: Leading): boolean {
  const { members, quorum, from } = inForce(state);
  const knows = (node: NodeId): boolean => node === state.self || (known[node] ?? 0) >= from - 1;
  return members.filter(knows).length >= quorum;
}

/**
 * Nobody leads, and this node is no member: those who are may not know it, if their leader was lost
 * before it could tell them.
 */
export function callMembers(turn: Turn): void {
  const { state } = turn;
  stepDown(turn);
  if (state.chosen === 0) return;
  for (const node of inForce(state).members) {
    sendEarly(turn, node, { kind: 'knows', chosen: state.chosen });
  }
}

/** The leader of this ballot lends its promises no longer: its word is good for phase 1. */
export function onTakeOver(turn: Turn, from: NodeId, message: MessageOf<'take-over'>): void {
  const { state } = turn;
  const { ballot, chosen } = message;
  if (compareBallots(ballot, state.promised) < 0) return;
  followLeader(turn, from, ballot);
  hearChosen(turn, ballot, chosen);
  prepareAtOnce(turn, ballot);
}

/**
 * From now on this leader's lease is worth nothing, to the end of its ballot: acceptors promise the one
 * that it named, whenever the message arrives.
 */
function sendTakeOver(turn: Turn, role: Leading, to: NodeId): void {
  const { state } = turn;
  role.isLeaseBroken = true;
  state.counters.handovers += 1;
  sendEarly(turn, to, { kind: 'take-over', ballot: role.ballot, chosen: state.chosen });
}
