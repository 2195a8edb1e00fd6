import type { NodeId } from '../../core/node-id.ts';
import type { AppliedEntry } from '../consensus.ts';
import { type Ballot, compareBallots, isSameBallot } from './ballot.ts';
import { isReconfiguration, noteChosen } from './membership.ts';
import type { MessageOf } from './messages.ts';
import { pagesOf } from './page.ts';
import { chosenValues, replay } from './records.ts';
import { sendSnapshot } from './snapshot.ts';
import { entryAt } from './slot-log.ts';
import { type Turn, persist, sendEarly } from './turn.ts';

/**
 * A leader says that slots up to `chosen` are chosen (Paxos Made Simple §2.3, through one
 * distinguished learner). Word of the highest ballot is kept: what it speaks of may arrive later.
 */
export function hearChosen(turn: Turn, ballot: Ballot, chosen: number): void {
  const { state } = turn;
  const order = compareBallots(ballot, state.heard.ballot);
  if (order > 0 || (order === 0 && chosen > state.heard.chosen)) state.heard = { ballot, chosen };
  advance(turn);
}

/**
 * Extends the chosen prefix. A slot that the leader knows to be chosen holds the chosen value here
 * if it was accepted in the leader's own ballot, in which there is one value a slot. An acceptance in
 * any other ballot proves nothing, and the value has to be asked for.
 */
export function advance(turn: Turn): void {
  const { state } = turn;
  const { ballot, chosen } = state.heard;
  while (state.chosen < chosen) {
    const entry = entryAt(state.log, state.chosen + 1);
    if (entry === undefined || !isSameBallot(entry.ballot, ballot)) break;
    state.chosen += 1;
  }
  applyChosen(turn);
  if (state.chosen < chosen) askCatchUp(turn, ballot.node, chosen);
}

/** Executes in slot order, without gaps (Made Moderately Complex §2, `perform`). */
export function applyChosen({ state, effects }: Turn): void {
  if (state.applied === state.chosen) return;
  const entries: AppliedEntry[] = [];
  while (state.applied < state.chosen) {
    const index = state.applied + 1;
    const entry = entryAt(state.log, index);
    if (entry === undefined) throw new Error(`expected chosen slot ${index} to have an entry`);
    const { command } = entry;
    noteChosen(state, { slot: index, command, alpha: state.settings.alpha });
    const own = isReconfiguration(command);
    entries.push({ index, term: entry.ballot.round, command: own ? null : command });
    state.applied = index;
  }
  effects.push({ kind: 'apply', entries });
}

/**
 * Asks for the chosen values up to `target`: one question at a time, again when unanswered. Whoever is
 * asked is kept to, or two that know the same would take turns in beginning to send a snapshot; but the
 * leader is better than any other.
 */
export function askCatchUp(turn: Turn, from: NodeId, target: number): void {
  const { state, nowMs } = turn;
  if (state.role.kind === 'leading' || target <= state.chosen) return;
  const before = state.catchUp;
  const isAsked = before?.from === from || from !== state.leader;
  if (before !== undefined && isAsked && nowMs < before.retryAtMs) {
    state.catchUp = { ...before, target: Math.max(target, before.target) };
    return;
  }
  state.catchUp = { from, target, retryAtMs: nowMs + state.settings.resendMs };
  state.counters.catchUps += 1;
  const { incoming } = state;
  const goesOn = incoming?.from === from && incoming.index > state.chosen;
  sendEarly(turn, from, {
    ...{ kind: 'catch-up', from: state.chosen + 1 },
    ...(goesOn ? { index: incoming.index, offset: incoming.received } : { index: 0, offset: 0 }),
  });
}

/** Something came of the last question: asks the next one, until the target is reached. */
export function continueCatchUp(turn: Turn): void {
  const { state } = turn;
  const { catchUp } = state;
  state.catchUp = undefined;
  if (catchUp !== undefined) askCatchUp(turn, catchUp.from, catchUp.target);
}

export function retryCatchUp(turn: Turn): void {
  const { catchUp, leader } = turn.state;
  if (catchUp === undefined || turn.nowMs < catchUp.retryAtMs) return;
  // Others may be better at answering: a candidate hears of them when it asks for promises.
  if (catchUp.from === leader) continueCatchUp(turn);
  else turn.state.catchUp = undefined;
}

/** Any node answers from its chosen prefix, or from its snapshot when that starts too late. */
export function onCatchUp(turn: Turn, from: NodeId, message: MessageOf<'catch-up'>): void {
  const { state } = turn;
  if (message.from <= state.log.base) {
    sendSnapshot(turn, from, message);
    return;
  }
  if (state.chosen < message.from) return;
  const { log, chosen, settings } = state;
  const pages = pagesOf({
    ...{ from: message.from, until: chosen, maxBatch: settings.maxBatch },
    ...{ most: settings.pipeline, isNoOp: (slot) => entryAt(log, slot)?.command === null },
  });
  for (const page of pages) {
    const values = chosenValues(log, page.from, page.through);
    sendEarly(turn, from, { kind: 'chosen', from: page.from, goesOn: page.goesOn, values });
  }
}

/** Values that others know to be chosen. A leader learns by counting and needs none of it. */
export function onChosen(turn: Turn, message: MessageOf<'chosen'>): void {
  const { state } = turn;
  const known = state.chosen - message.from + 1;
  if (state.role.kind === 'leading' || known < 0 || known >= message.values.length) return;
  const from = state.chosen + 1;
  const record = { kind: 'learn', from, values: message.values.slice(known) } as const;
  replay(state, record);
  persist(turn, record);
  if (message.goesOn) waitForMore(turn);
  advance(turn);
  if (!message.goesOn) continueCatchUp(turn);
}

/** The rest of the answer is under way: what has come of it is no reason to ask for it again. */
function waitForMore({ state, nowMs }: Turn): void {
  if (state.catchUp === undefined) return;
  state.catchUp = { ...state.catchUp, retryAtMs: nowMs + state.settings.resendMs };
}
