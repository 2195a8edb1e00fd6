import type { NodeId } from '../../core/node-id.ts';
import { type Ballot, compareBallots, isSameBallot } from './ballot.ts';
import { advance, hearChosen } from './learner.ts';
import type { MessageOf, SlotReport } from './messages.ts';
import { pagesOf } from './page.ts';
import { type PaxosRecord, replay } from './records.ts';
import { followLeader, noteRound, stepDown, waitOn } from './roles.ts';
import { type SlotLog, entryAt, lastSlot } from './slot-log.ts';
import type { PaxosState } from './state.ts';
import { type Turn, persist, send, sendEarly } from './turn.ts';

/** How far above its chosen prefix an acceptor accepts, which bounds the gaps that it must hold. */
const reachSlots = 262_144;

/**
 * Would this acceptor promise? Not while it hears a leader: a node that comes back from a partition
 * must not depose one (the idea is Raft's PreVote, Ongaro's dissertation §9.6). Nothing is promised.
 */
export function onProbe(turn: Turn, from: NodeId, message: MessageOf<'probe'>): void {
  const { state, nowMs } = turn;
  const { ballot } = message;
  const lag = state.chosen - (message.from - 1);
  if (message.from <= state.log.base || lag > state.settings.window) {
    sendEarly(turn, from, { kind: 'behind', ballot, chosen: state.chosen });
    return;
  }
  const granted =
    !hearsLeader(state, nowMs) && !tells(state, nowMs) && nowMs >= state.grantedUntilMs;
  sendEarly(turn, from, { kind: 'probed', ballot, granted, promised: state.promised });
}

function hearsLeader({ role, leader, heardMs, settings }: PaxosState, nowMs: number): boolean {
  return role.kind === 'leading' || (leader !== undefined && nowMs - heardMs < settings.electionMs);
}

/**
 * A candidate is on its way through all that this acceptor has to tell. Where that takes longer than a
 * timeout, two that lag would otherwise outbid each other for ever, while whoever could lead at once
 * waits on for both of them.
 */
function tells({ told, settings }: PaxosState, nowMs: number): boolean {
  return nowMs - told.atMs < settings.electionMs;
}

/** Phase 1b (Paxos Made Simple §2.2): promises to accept nothing below, and says what it accepted. */
export function onPrepare(turn: Turn, from: NodeId, message: MessageOf<'prepare'>): void {
  const { state, nowMs } = turn;
  const { ballot } = message;
  const order = compareBallots(ballot, state.promised);
  if (order < 0) {
    reject(turn, from, ballot);
    return;
  }
  // What was compacted away was chosen. To report nothing for it would let it be chosen again
  // (Made Moderately Complex §4, garbage collection), so the candidate has to learn it first.
  if (message.from <= state.log.base) {
    sendEarly(turn, from, { kind: 'behind', ballot, chosen: state.chosen });
    return;
  }
  if (order > 0) {
    if (nowMs < state.grantedUntilMs && !isReleased(state, message)) return;
    promise(turn, ballot);
    stepDown(turn);
  } else waitOn(state, nowMs);
  const { log, settings } = state;
  const pages = pagesOf({
    ...{ from: message.from, until: lastSlot(log), maxBatch: settings.maxBatch },
    ...{
      most: settings.pipeline,
      isNoOp: (slot) => (entryAt(log, slot)?.command ?? null) === null,
    },
  });
  // Whoever asks for the same again comes no further, and must not keep others from standing.
  const isFurther = order > 0 || message.from > state.told.from;
  if (isFurther && pages.at(-1)?.next !== 0) state.told = { from: message.from, atMs: nowMs };
  for (const { through, ...page } of pages) {
    const reports = reportsOf(log, page.from, through);
    send(turn, from, { kind: 'promise', ballot, ...page, reports });
  }
}

/** Phase 2b. What this answers is durable before the answer leaves. */
export function onAccept(turn: Turn, from: NodeId, message: MessageOf<'accept'>): void {
  const { state } = turn;
  const { ballot } = message;
  if (compareBallots(ballot, state.promised) < 0) {
    reject(turn, from, ballot);
    return;
  }
  followLeader(turn, from, ballot);
  // First, so that the record can carry what is known to be chosen.
  hearChosen(turn, ballot, message.chosen);
  if (message.from + message.commands.length - 1 > state.chosen + reachSlots) return;
  accept(turn, message);
  send(turn, from, { kind: 'accepted', ballot, from: message.from });
  advance(turn);
}

/** A leader is there. Its ballot counts as prepared: nothing below it is accepted from now on. */
export function onHeartbeat(turn: Turn, from: NodeId, message: MessageOf<'heartbeat'>): void {
  const { state, nowMs } = turn;
  const { ballot, round } = message;
  if (compareBallots(ballot, state.promised) < 0) {
    reject(turn, from, ballot);
    return;
  }
  followLeader(turn, from, ballot);
  promise(turn, ballot);
  if (state.settings.reads === 'lease') {
    state.grantedUntilMs = nowMs + state.settings.electionMs;
    state.grantedTo = ballot;
  }
  // The answer says that no higher ballot is promised now, which is so whatever the disk does.
  sendEarly(turn, from, { kind: 'heard', ballot, round, chosen: state.chosen });
  hearChosen(turn, ballot, message.chosen);
}

/** The leader that the promise is lent to has given it back, by naming the candidate itself. */
function isReleased({ grantedTo }: PaxosState, { released }: MessageOf<'prepare'>): boolean {
  return grantedTo !== undefined && isSameBallot(grantedTo, released);
}

/** Raises the promise, durably. Returns the number of the persist; 0 when it stood there already. */
export function promise(turn: Turn, ballot: Ballot): number {
  noteRound(turn.state, ballot);
  if (compareBallots(ballot, turn.state.promised) <= 0) return 0;
  return record(turn, { kind: 'promise', ballot });
}

/**
 * Accepts what was not accepted in this ballot yet, which promises the ballot as well. Returns the
 * number of the persist; 0 when there was nothing to store.
 */
export function accept(turn: Turn, message: MessageOf<'accept'>): number {
  const { state } = turn;
  const { ballot, from, commands } = message;
  state.counters.accepts += commands.length;
  if (isStored(state, message)) return promise(turn, ballot);
  return record(turn, { kind: 'accept', ballot, from, commands, chosen: state.chosen });
}

function record(turn: Turn, change: PaxosRecord): number {
  replay(turn.state, change);
  return persist(turn, change);
}

/** Chosen slots count: their value can only be this one, and no later ballot can undo it. */
function isStored(state: PaxosState, { ballot, from, commands }: MessageOf<'accept'>): boolean {
  for (let slot = Math.max(from, state.chosen + 1); slot < from + commands.length; slot++) {
    const entry = entryAt(state.log, slot);
    if (entry === undefined || !isSameBallot(entry.ballot, ballot)) return false;
  }
  return true;
}

function reportsOf(log: SlotLog, from: number, through: number): SlotReport[] {
  const reports: SlotReport[] = [];
  for (let slot = from; slot <= through; slot++) {
    const entry = entryAt(log, slot);
    if (entry === undefined) continue;
    reports.push([slot, entry.ballot.round, entry.ballot.node, entry.command]);
  }
  return reports;
}

/** Claims no more than that this acceptor will not accept the ballot, durable promise or not. */
function reject(turn: Turn, to: NodeId, ballot: Ballot): void {
  turn.state.counters.rejects += 1;
  sendEarly(turn, to, { kind: 'reject', ballot, promised: turn.state.promised });
}
