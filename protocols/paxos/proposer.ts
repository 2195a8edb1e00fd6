import type { NodeId } from '../../core/node-id.ts';
import type { Command } from '../consensus.ts';
import { accept } from './acceptor.ts';
import { isSameBallot } from './ballot.ts';
import { resendPrepare } from './enter.ts';
import { applyChosen } from './learner.ts';
import { configurationAt, inForce, isQuorum, latest } from './membership.ts';
import type { MessageOf } from './messages.ts';
import { lastOfPage } from './page.ts';
import { beginRoundForReads, releaseReads } from './reads.ts';
import { recoveredValue } from './recovered-value.ts';
import { stepDown } from './roles.ts';
import { beginRound, isOutOfReach } from './rounds.ts';
import { lastSlot } from './slot-log.ts';
import type { Batch, Leading } from './leading.ts';
import type { PaxosState, Preparing } from './state.ts';
import { type Turn, rejectAsFollower, sendEarly } from './turn.ts';

/**
 * A quorum has promised: proposes in each open slot what may have been chosen there, and leads.
 * Slots in which nothing was accepted, below some in which something was, get a no-op, so that
 * execution can go on past them (Paxos Made Simple §3).
 */
export function lead(turn: Turn, { ballot, promises, released }: Preparing): void {
  const { state, nowMs } = turn;
  const { reports } = promises;
  const barrier = Math.max(state.chosen, lastSlot(state.log), lastSlot(reports));
  const queue: Command[] = [];
  for (let slot = state.chosen + 1; slot <= barrier; slot++) {
    queue.push(recoveredValue(state, reports, slot));
  }
  const role: Leading = {
    ...{
      kind: 'leading',
      ballot,
      promises,
      released,
      barrier,
      nextSlot: barrier + 1,
      queue,
      isPutOff: false,
      batches: [],
    },
    ...{ awaiting: [], heartbeatAtMs: nowMs + state.settings.heartbeatMs, reads: [] },
    ...{ round: 0, confirmed: 0, sentMs: [nowMs], answered: {}, known: {} },
    ...{ entered: { configuration: inForce(state), round: 1 }, askedSlot: -1 },
    ...{ change: undefined, handover: undefined, isLeaseBroken: false },
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
  const { role, settings } = state;
  if (role.kind !== 'leading' || role.handover !== undefined) {
    rejectAsFollower(turn, id);
    return;
  }
  if (role.nextSlot > state.chosen + settings.window) {
    effects.push({ kind: 'rejected', id, reason: 'overloaded', leader: state.self });
    return;
  }
  const index = enqueue(role, command);
  role.isPutOff = true;
  effects.push({ kind: 'proposed', id, index, term: role.ballot.round });
}

/** Returns the slot that the command is proposed in. */
export function appendOwn(turn: Turn, role: Leading, command: Command): number {
  const slot = enqueue(role, command);
  sendBatches(turn, role);
  return slot;
}

function enqueue(role: Leading, command: Command): number {
  const slot = role.nextSlot;
  role.nextSlot += 1;
  role.queue.push(command);
  return slot;
}

/** One batch and one round of heartbeats serve all proposals and reads that came together. */
export function catchUpWithClients(turn: Turn, role: Leading): void {
  if (!role.isPutOff) return;
  role.isPutOff = false;
  sendBatches(turn, role);
  beginRoundForReads(turn, role);
}

/** Whether there is such a command among those that are proposed and not chosen. */
export function isOpen({ queue, batches }: Leading, test: (command: Command) => boolean): boolean {
  return queue.some(test) || batches.some(({ message }) => message.commands.some(test));
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
  resendPrepare(turn, role);
  for (const batch of role.batches) {
    if (nowMs - batch.sentMs < state.settings.resendMs) continue;
    state.counters.resends += 1;
    sendBatch(turn, batch);
  }
}

/** Phase 2a. While the pipeline is full proposals gather, so that batches grow with the load. */
export function sendBatches(turn: Turn, role: Leading): void {
  const { state, nowMs } = turn;
  const { maxBatch, pipeline } = state.settings;
  while (role.queue.length > 0 && role.batches.length < pipeline) {
    const from = role.nextSlot - role.queue.length;
    const reach = reachOf(state, role, from);
    if (reach < from) return;
    const until = Math.min(reach, role.nextSlot - 1);
    const isNoOp = (slot: number): boolean => role.queue[slot - from] === null;
    const through = lastOfPage({ from, until, maxBatch, isNoOp });
    const commands = role.queue.splice(0, through - from + 1);
    const { ballot } = role;
    const message = { kind: 'accept', ballot, from, commands, chosen: state.chosen } as const;
    const configuration = configurationAt(state, from);
    const last = from + commands.length - 1;
    const batch: Batch = { message, last, configuration, votes: [], sentMs: nowMs };
    role.batches.push(batch);
    role.awaiting.push({ persist: accept(turn, message), from });
    sendBatch(turn, batch);
  }
}

/**
 * The last slot that may be proposed in one batch with this one; a lower one when not even this may be:
 * its configuration is not known yet, or too few of its members have promised.
 */
function reachOf(state: PaxosState, { promises }: Leading, from: number): number {
  const limit = state.chosen + state.settings.alpha;
  if (from > limit || !isQuorum(configurationAt(state, from), promises.nodes)) return 0;
  const { from: after } = latest(state);
  if (after <= from) return limit;
  const next = state.configurations.find((each) => each.from > from)?.from ?? after;
  return Math.min(limit, next - 1);
}

/** In parallel with the leader's own disk: an `accept` claims nothing about that. */
function sendBatch(turn: Turn, batch: Batch): void {
  batch.sentMs = turn.nowMs;
  for (const node of batch.configuration.members) {
    if (node === turn.state.self || batch.votes.includes(node)) continue;
    sendEarly(turn, node, batch.message);
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
  const open = role.batches.findIndex(
    ({ votes, configuration }) => !isQuorum(configuration, votes),
  );
  const decided = role.batches.splice(0, open < 0 ? role.batches.length : open);
  const last = decided.at(-1)?.last;
  if (last === undefined) return;
  state.chosen = last;
  applyChosen(turn);
  sendBatches(turn, role);
  releaseReads(turn, role);
}
