import type { NodeId } from '../../core/node-id.ts';
import { promise } from './acceptor.ts';
import { type Ballot, compareBallots, isSameBallot } from './ballot.ts';
import type { MessageOf } from './messages.ts';
import { lead } from './proposer.ts';
import { drawTimeout, noteRound, stepDown } from './roles.ts';
import { entryAt, placeEntry, slotLog } from './slot-log.ts';
import type { PaxosState, Preparing, Probing } from './state.ts';
import { type Turn, send, sendEarly } from './turn.ts';

/** No leader for too long: asks whether a quorum would promise, before it takes a ballot. */
export function standForElection(turn: Turn): void {
  const { state, nowMs } = turn;
  const ballot = nextBallot(state);
  const resendAtMs = nowMs + state.settings.resendMs;
  const role: Probing = { kind: 'probing', ballot, granted: [state.self], resendAtMs };
  state.role = role;
  state.leader = undefined;
  state.catchUp = undefined;
  drawTimeout(state, nowMs);
  probe(turn, role);
  prepareWhenGranted(turn, role);
}

export function onProbed(turn: Turn, from: NodeId, message: MessageOf<'probed'>): void {
  const { state } = turn;
  const { role } = state;
  noteRound(state, message.promised);
  if (role.kind !== 'probing' || !isSameBallot(role.ballot, message.ballot)) return;
  if (!message.granted || role.granted.includes(from)) return;
  role.granted.push(from);
  prepareWhenGranted(turn, role);
}

/**
 * Phase 1b arrives. Only promises of exactly this ballot count: one of an earlier ballot says
 * nothing about what was accepted since. A page that was not asked for is an echo.
 */
export function onPromise(turn: Turn, from: NodeId, message: MessageOf<'promise'>): void {
  const { role } = turn.state;
  if (role.kind !== 'preparing' || !isSameBallot(role.ballot, message.ballot)) return;
  if (message.from !== role.pages[from]) return;
  for (const [slot, round, node, command] of message.reports) {
    if (slot <= role.reports.base) continue;
    const ballot = { round, node };
    const best = entryAt(role.reports, slot);
    if (best !== undefined && compareBallots(best.ballot, ballot) >= 0) continue;
    placeEntry(role.reports, slot, { ballot, command });
  }
  role.pages[from] = message.next;
  if (message.next > 0) {
    send(turn, from, { kind: 'prepare', ballot: role.ballot, from: message.next });
    return;
  }
  countPromise(turn, role, from);
}

/** The own promise counts when it is durable, like any other. */
export function onPromisePersisted(turn: Turn, role: Preparing, number: number): void {
  const { self } = turn.state;
  if (number >= role.persist && !role.promised.includes(self)) countPromise(turn, role, self);
}

/** A higher ballot is about: leaves it the field for a while. */
export function onReject(turn: Turn, message: MessageOf<'reject'>): void {
  const { state } = turn;
  const { role } = state;
  noteRound(state, message.promised);
  if (role.kind !== 'preparing' && role.kind !== 'leading') return;
  if (!isSameBallot(role.ballot, message.ballot)) return;
  if (compareBallots(message.promised, role.ballot) > 0) stepDown(turn);
}

/** Sends to those who have not answered, in case a message was lost. */
export function resendWhenDue(turn: Turn, role: Probing | Preparing): void {
  if (turn.nowMs < role.resendAtMs) return;
  role.resendAtMs = turn.nowMs + turn.state.settings.resendMs;
  turn.state.counters.resends += 1;
  if (role.kind === 'probing') probe(turn, role);
  else prepare(turn, role);
}

function probe(turn: Turn, { ballot, granted }: Probing): void {
  const from = turn.state.chosen + 1;
  for (const peer of turn.state.peers) {
    if (!granted.includes(peer)) sendEarly(turn, peer, { kind: 'probe', ballot, from });
  }
}

function prepareWhenGranted(turn: Turn, { granted }: Probing): void {
  const { state, nowMs } = turn;
  if (granted.length < state.quorum || nowMs < state.grantedUntilMs) return;
  const from = state.chosen + 1;
  const ballot = nextBallot(state);
  state.counters.elections += 1;
  const role: Preparing = {
    ...{ kind: 'preparing', ballot, persist: promise(turn, ballot), promised: [] },
    pages: Object.fromEntries(state.peers.map((peer) => [peer, from])),
    ...{ reports: slotLog(state.chosen), resendAtMs: nowMs + state.settings.resendMs },
  };
  state.role = role;
  prepare(turn, role);
}

/**
 * Phase 1a for every slot above the chosen prefix, however far other acceptors have gone: one ballot
 * for infinitely many instances (Paxos Made Simple §3). It waits for the own promise to be durable,
 * or a restart could use the ballot again.
 */
function prepare(turn: Turn, { ballot, pages }: Preparing): void {
  for (const peer of turn.state.peers) {
    const from = pages[peer] ?? 0;
    if (from > 0) send(turn, peer, { kind: 'prepare', ballot, from });
  }
}

function countPromise(turn: Turn, role: Preparing, node: NodeId): void {
  role.promised.push(node);
  if (role.promised.length >= turn.state.quorum) lead(turn, role);
}

function nextBallot({ promised, highestRound, self }: PaxosState): Ballot {
  return { round: Math.max(promised.round, highestRound) + 1, node: self };
}
