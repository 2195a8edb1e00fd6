import type { NodeId } from '../../core/node-id.ts';
import { advance, continueCatchUp } from './learner.ts';
import { chosenMembers, configuration, forgetConfigurations } from './membership.ts';
import type { MessageOf } from './messages.ts';
import { recordsOf } from './records.ts';
import { forgetThrough } from './slot-log.ts';
import type { IncomingSnapshot, PaxosSnapshot, PaxosState } from './state.ts';
import { type Turn, sendEarly } from './turn.ts';

/**
 * The state machine's own snapshot takes the place of the slots that it sums up (Paxos Made Live
 * §5.5). Of the agreement only the members go with it: slots depend on nothing else.
 */
export function onCompact(turn: Turn, index: number, machine: string): void {
  const { state } = turn;
  if (index <= state.log.base) return;
  if (index > state.applied) {
    throw new Error(`expected a snapshot of at most slot ${state.applied}, got ${index}`);
  }
  replaceLog(turn, { index, meta: chosenMembers(state, index), machine });
}

/** Sends the part that is asked for; the first one to who asks for another snapshot than this. */
export function sendSnapshot(turn: Turn, to: NodeId, message: MessageOf<'catch-up'>): void {
  const { snapshot, settings, counters } = turn.state;
  if (snapshot === undefined) return;
  const { index, machine, meta: members } = snapshot;
  const goesOn = message.index === index && message.offset < machine.length;
  const offset = goesOn ? message.offset : 0;
  if (offset === 0) counters.snapshotsSent += 1;
  const bytes = machine.slice(offset, offset + settings.snapshotChunk);
  const total = machine.length;
  sendEarly(turn, to, { kind: 'snapshot', index, offset, total, bytes, members });
}

/** Gathers the parts, in order, from one sender. The last one installs the whole. */
export function onSnapshot(turn: Turn, from: NodeId, message: MessageOf<'snapshot'>): void {
  const { state } = turn;
  if (state.role.kind === 'leading' || message.index <= state.chosen) return;
  if (!coversNext(message, state.settings.alpha)) return;
  const incoming = gather(state, from, message);
  if (incoming === undefined) return;
  if (incoming.received === incoming.total) install(turn, incoming);
  continueCatchUp(turn);
}

/** A snapshot that leaves open who decides on the next slot is of no use to anyone. */
function coversNext({ members: [first], index }: MessageOf<'snapshot'>, alpha: number): boolean {
  return first !== undefined && configuration(first, alpha).from <= index + 1;
}

/** Undefined when the part does not fit: the question that follows says what is missing. */
function gather(
  state: PaxosState,
  from: NodeId,
  { index, offset, total, bytes, members }: MessageOf<'snapshot'>,
): IncomingSnapshot | undefined {
  const before = state.incoming;
  const goesOn = before?.from === from && before.index === index && before.total === total;
  if (!goesOn && offset === 0) {
    state.incoming = { from, index, total, members, parts: [], received: 0 };
  }
  const { incoming } = state;
  if (incoming?.from !== from || incoming.index !== index || incoming.received !== offset) {
    return undefined;
  }
  incoming.parts.push(bytes);
  incoming.received += bytes.length;
  return incoming;
}

function install(turn: Turn, { index, parts, members }: IncomingSnapshot): void {
  const { state, effects } = turn;
  const snapshot = { index, meta: members, machine: parts.join('') };
  state.incoming = undefined;
  state.chosen = index;
  state.configurations = members.map((each) => configuration(each, state.settings.alpha));
  state.applied = index;
  state.counters.snapshotsInstalled += 1;
  replaceLog(turn, snapshot);
  effects.push({ kind: 'restore', snapshot });
  advance(turn);
}

function replaceLog({ state, effects }: Turn, snapshot: PaxosSnapshot): void {
  forgetThrough(state.log, snapshot.index);
  forgetConfigurations(state, snapshot.index);
  state.snapshot = snapshot;
  state.persists += 1;
  effects.push({ kind: 'compact', snapshot, records: recordsOf(state) });
}
