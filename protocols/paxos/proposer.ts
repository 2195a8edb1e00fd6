import type { NodeId } from '../../core/node-id.ts';
import type { Command } from '../consensus.ts';
import { accept } from './acceptor.ts';
import { compareBallots, isSameBallot } from './ballot.ts';
import { applyChosen } from './learner.ts';
import type { MessageOf } from './messages.ts';
import { releaseReads } from './reads.ts';
import { stepDown } from './roles.ts';
import { beginRound, isOutOfReach } from './rounds.ts';
import { entryAt, lastSlot } from './slot-log.ts';
import type { Batch, Leading, PaxosState, Preparing } from './state.ts';
import { type Turn, sendEarly } from './turn.ts';

/**
 * A quorum has promised: proposes in each open slot what may have been chosen there, and leads.
 * Slots in which nothing was accepted, below some in which something was, get a no-op, so that
 * execution can go on past them (Paxos Made Simple §3).
 */
export function lead(turn: Turn, { ballot, reports }: Preparing): void {
  const { state, nowMs } = turn;
  const barrier = Math.max(state.chosen, lastSlot(state.log), lastSlot(reports));
  const queue: Command[] = [];
  for (let slot = state.chosen + 1; slot <= barrier; slot++) {
    queue.push(recoveredValue(state, reports, slot));
  }
  const role: Leading = {
    ...{ kind: 'leading', ballot, barrier, nextSlot: barrier + 1, queue, batches: [] },
    ...{ awaiting: [], heartbeatAtMs: nowMs + state.settings.heartbeatMs, reads: [] },
    ...{ round: 0, confirmed: 0, sentMs: [nowMs], answered: {} },
  };
  state.role = role;
  state.leader = state.self;
  state.catchUp = undefined;
  state.incoming = undefined;
  beginRound(turn, role);
  sendBatches(turn, role);
}

/** A command gets the next slot, and never another one: if it is not chosen there it is lost. */
export function onPropose(turn: Turn, id: number, command: Command): void {
  const { state, effects } = turn;
  const { role, leader, settings } = state;
  if (role.kind !== 'leading') {
    const known = leader === undefined ? {} : { leader };
    effects.push({ kind: 'rejected', id, reason: 'not-leader', ...known });
    return;
  }
  if (role.nextSlot > state.chosen + settings.window) {
    effects.push({ kind: 'rejected', id, reason: 'overloaded', leader: state.self });
    return;
  }
  effects.push({ kind: 'proposed', id, index: role.nextSlot, term: role.ballot.round });
  role.nextSlot += 1;
  role.queue.push(command);
  sendBatches(turn, role);
}

export function onAccepted(turn: Turn, from: NodeId, message: MessageOf<'accepted'>): void {
  const { role } = turn.state;
  if (role.kind !== 'leading' || !isSameBallot(role.ballot, message.ballot)) return;
  countVote(turn, role, message.from, from);
}

/** The own acceptance counts when it is durable, like any other. */
export function onAcceptPersisted(turn: Turn, role: Leading, number: number): void {
  const first = role.awaiting.findIndex(({ persist }) => persist > number);
  const durable = role.awaiting.splice(0, first < 0 ? role.awaiting.length : first);
  for (const { from } of durable) countVote(turn, role, from, turn.state.self);
}

/** Heartbeats, and once more what was not answered. */
export function leadOn(turn: Turn, role: Leading): void {
  const { state, nowMs } = turn;
  if (nowMs < role.heartbeatAtMs) return;
  if (isOutOfReach(turn, role)) {
    stepDown(turn);
    return;
  }
  role.heartbeatAtMs = nowMs + state.settings.heartbeatMs;
  beginRound(turn, role);
  for (const batch of role.batches) {
    if (nowMs - batch.sentMs < state.settings.resendMs) continue;
    state.counters.resends += 1;
    sendBatch(turn, batch);
  }
}

/** The value of the highest ballot among the promises, the own one included (P2c in §2.2). */
function recoveredValue(state: PaxosState, reports: Preparing['reports'], slot: number): Command {
  const own = entryAt(state.log, slot);
  const told = entryAt(reports, slot);
  if (own === undefined && told === undefined) {
    state.counters.noops += 1;
    return null;
  }
  state.counters.recovered += 1;
  if (own === undefined || told === undefined) return (own ?? told)?.command;
  return compareBallots(own.ballot, told.ballot) >= 0 ? own.command : told.command;
}

/** Phase 2a. While the pipeline is full proposals gather, so that batches grow with the load. */
function sendBatches(turn: Turn, role: Leading): void {
  const { state, nowMs } = turn;
  const { maxBatch, pipeline } = state.settings;
  while (role.queue.length > 0 && role.batches.length < pipeline) {
    const from = role.nextSlot - role.queue.length;
    const commands = role.queue.splice(0, maxBatch);
    const { ballot } = role;
    const message = { kind: 'accept', ballot, from, commands, chosen: state.chosen } as const;
    const batch: Batch = { message, last: from + commands.length - 1, votes: [], sentMs: nowMs };
    role.batches.push(batch);
    role.awaiting.push({ persist: accept(turn, message), from });
    sendBatch(turn, batch);
  }
}

/** In parallel with the leader's own disk: an `accept` claims nothing about that. */
function sendBatch(turn: Turn, batch: Batch): void {
  batch.sentMs = turn.nowMs;
  for (const peer of turn.state.peers) {
    if (!batch.votes.includes(peer)) sendEarly(turn, peer, batch.message);
  }
}

/**
 * A batch that a quorum has accepted is chosen, whatever came of earlier ones; but execution, and
 * all that others are told, is of the prefix without gaps.
 */
function countVote(turn: Turn, role: Leading, from: number, voter: NodeId): void {
  const { state } = turn;
  const batch = role.batches.find(({ message }) => message.from === from);
  if (batch === undefined || batch.votes.includes(voter)) return;
  batch.votes.push(voter);
  const open = role.batches.findIndex(({ votes }) => votes.length < state.quorum);
  const decided = role.batches.splice(0, open < 0 ? role.batches.length : open);
  const last = decided.at(-1)?.last;
  if (last === undefined) return;
  state.chosen = last;
  applyChosen(turn);
  sendBatches(turn, role);
  releaseReads(turn, role);
}
