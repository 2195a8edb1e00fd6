import type { NodeId } from '../../core/node-id.ts';
import { promise } from './acceptor.ts';
import { type Ballot, compareBallots, isSameBallot, noBallot } from './ballot.ts';
import { recoverUnsent } from './enter.ts';
import { askCatchUp } from './learner.ts';
import { isQuorumOfAll, votersOf } from './membership.ts';
import type { MessageOf } from './messages.ts';
import { lead, sendBatches } from './proposer.ts';
import { releaseReads } from './reads.ts';
import { drawTimeout, mayStand, noteRound, stepDown, waitOn } from './roles.ts';
import { slotLog } from './slot-log.ts';
import type { PaxosState, Preparing, Probing } from './state.ts';
import { takePage } from './take-page.ts';
import { type Turn, send, sendEarly } from './turn.ts';

/** No leader for too long: asks whether a quorum would promise, before it takes a ballot. */
export function standForElection(turn: Turn): void {
  const { state, nowMs } = turn;
  const ballot = nextBallot(state);
  const resendAtMs = nowMs + state.settings.resendMs;
  const role: Probing = { kind: 'probing', ballot, granted: [state.self], resendAtMs };
  state.role = role;
  if (state.catchUp?.from === state.leader) state.catchUp = undefined;
  state.leader = undefined;
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
 * nothing about what was accepted since.
 */
export function onPromise(turn: Turn, from: NodeId, message: MessageOf<'promise'>): void {
  const { state } = turn;
  const { role } = state;
  if (role.kind !== 'preparing' && role.kind !== 'leading') return;
  const { ballot, promises, released } = role;
  if (!isSameBallot(ballot, message.ballot)) return;
  // A leader that lacks no promise proposes in all slots, and what it hears now comes too late.
  if (role.kind === 'leading' && isQuorumOfAll(state, promises.nodes)) return;
  const last = takePage(promises, from, message);
  if (last === undefined) return;
  if (last.next > 0) {
    waitOn(state, turn.nowMs);
    if (!last.goesOn) send(turn, from, { kind: 'prepare', ballot, from: last.next, released });
  } else if (role.kind === 'preparing') {
    countPromise(turn, role, from);
  } else {
    promises.nodes.push(from);
    recoverUnsent(turn, role);
    sendBatches(turn, role);
    releaseReads(turn, role);
  }
}

/** The own promise counts when it is durable, like any other. */
export function onPromisePersisted(turn: Turn, role: Preparing, number: number): void {
  const { self } = turn.state;
  if (number >= role.persist && !role.promises.nodes.includes(self)) countPromise(turn, role, self);
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

/** An acceptor could not answer, because what it was asked about is compacted away, or too much. */
export function onBehind(turn: Turn, from: NodeId, message: MessageOf<'behind'>): void {
  const { state } = turn;
  const { role } = state;
  if (role.kind !== 'leading') {
    askCatchUp(turn, from, message.chosen);
    return;
  }
  if (!isSameBallot(role.ballot, message.ballot) || isQuorumOfAll(state, role.promises.nodes))
    return;
  if (message.chosen > state.chosen) {
    // What leaders before have got chosen among the new members a leader can only learn as a follower.
    stepDown(turn);
    askCatchUp(turn, from, message.chosen);
  } else role.promises.pages[from] = state.chosen + 1;
}

/** Sends to those who have not answered, in case a message was lost. */
export function resendWhenDue(turn: Turn, role: Probing | Preparing): void {
  if (turn.nowMs < role.resendAtMs) return;
  role.resendAtMs = turn.nowMs + turn.state.settings.resendMs;
  turn.state.counters.resends += 1;
  if (role.kind === 'probing') probe(turn, role);
  else prepare(turn, role);
  // What was learned meanwhile may have changed who has to agree.
  if (role.kind === 'probing') prepareWhenGranted(turn, role);
  else leadWhenPromised(turn, role);
}

function probe(turn: Turn, { ballot, granted }: Probing): void {
  const from = turn.state.chosen + 1;
  for (const node of votersOf(turn.state)) {
    if (!granted.includes(node)) sendEarly(turn, node, { kind: 'probe', ballot, from });
  }
}

function prepareWhenGranted(turn: Turn, { granted }: Probing): void {
  const { state, nowMs } = turn;
  if (isQuorumOfAll(state, granted) && nowMs >= state.grantedUntilMs) beginPhase1(turn, noBallot);
}

/**
 * The leader of this ballot wants it so: no need to ask whether the others would promise, nor to wait
 * for the end of a lease that it held.
 */
export function prepareAtOnce(turn: Turn, released: Ballot): void {
  const { state, nowMs } = turn;
  const { grantedTo, grantedUntilMs } = state;
  const isFree = grantedTo !== undefined && isSameBallot(grantedTo, released);
  if (!mayStand(state) || (nowMs < grantedUntilMs && !isFree)) return;
  state.leader = undefined;
  state.catchUp = undefined;
  drawTimeout(state, nowMs);
  beginPhase1(turn, released);
}

function beginPhase1(turn: Turn, released: Ballot): void {
  const { state, nowMs } = turn;
  const ballot = nextBallot(state);
  state.counters.elections += 1;
  const role: Preparing = {
    ...{ kind: 'preparing', ballot, persist: promise(turn, ballot), released },
    promises: { nodes: [], pages: {}, ahead: {}, reports: slotLog(state.chosen) },
    resendAtMs: nowMs + state.settings.resendMs,
  };
  state.role = role;
  prepare(turn, role);
}

/**
 * Phase 1a for every slot above the chosen prefix, however far other acceptors have gone: one ballot
 * for infinitely many instances (Paxos Made Simple §3). It waits for the own promise to be durable,
 * or a restart could use the ballot again.
 */
function prepare(turn: Turn, { ballot, promises, released }: Preparing): void {
  const { state } = turn;
  for (const node of votersOf(state)) {
    if (node === state.self) continue;
    const from = (promises.pages[node] ??= state.chosen + 1);
    if (from > 0) send(turn, node, { kind: 'prepare', ballot, from, released });
  }
}

function countPromise(turn: Turn, role: Preparing, node: NodeId): void {
  role.promises.nodes.push(node);
  leadWhenPromised(turn, role);
}

function leadWhenPromised(turn: Turn, role: Preparing): void {
  if (isQuorumOfAll(turn.state, role.promises.nodes)) lead(turn, role);
}

function nextBallot({ promised, highestRound, self }: PaxosState): Ballot {
  return { round: Math.max(promised.round, highestRound) + 1, node: self };
}
