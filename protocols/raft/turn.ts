import type { NodeId } from '../../core/node-id.ts';
import type { Reply } from '../../core/protocol.ts';
import type { ConsensusEffect, ConsensusSnapshot } from '../consensus.ts';
import { lastIndexOf } from './log.ts';
import type { Append, RaftMessage } from './messages.ts';
import { recordsOf } from './records.ts';
import type { RaftState } from './state.ts';

export type RaftEffect = ConsensusEffect<RaftMessage>;

/**
 * One step under way: the state, the time, and what the step has come to so far. The parts of Raft
 * take a turn and leave their mark on it; `endTurn` puts the effects in the order that keeps every
 * promise: what is written goes before all that rests on it.
 */
export interface Turn {
  readonly state: RaftState;
  readonly nowMs: number;
  /** Effects that claim nothing about this node's disk. */
  readonly early: RaftEffect[];
  /** Effects that wait for what this turn writes. */
  readonly late: RaftEffect[];
  /** Term or vote changed. */
  hardChanged: boolean;
  /** A new snapshot to write. */
  compaction: ConsensusSnapshot | undefined;
  /** Whether that snapshot came from the leader and replaces the state machine's state. */
  restores: boolean;
  /** The last append that was sent: who is as far gets the very same, which hosts then encode once. */
  append: Append | undefined;
}

export function beginTurn(state: RaftState, nowMs: number): Turn {
  return {
    state,
    nowMs,
    early: [],
    late: [],
    hardChanged: false,
    compaction: undefined,
    restores: false,
    append: undefined,
  };
}

/** Sends after everything written so far, this turn included, is durable. */
export function send(turn: Turn, to: NodeId, message: RaftMessage): void {
  turn.state.counters.messagesSent += 1;
  turn.late.push({ kind: 'send', to, message });
}

/** Sends at once: only for messages that are true whatever becomes of this node's disk. */
export function sendEarly(turn: Turn, to: NodeId, message: RaftMessage): void {
  turn.state.counters.messagesSent += 1;
  turn.early.push({ kind: 'send', to, message, early: true });
}

export function reject(turn: Turn, id: number, reason: 'not-leader' | 'overloaded'): void {
  const { leader, counters } = turn.state;
  counters.rejected += 1;
  turn.early.push({ kind: 'rejected', id, reason, ...(leader === undefined ? {} : { leader }) });
}

/** The end of an administrator's request. */
export function administered(turn: Turn, id: number, reply: Reply): void {
  turn.early.push({ kind: 'administered', id, reply });
}

/** It changed nothing and never will. */
export function refuse(
  turn: Turn,
  id: number,
  reason: 'under-way' | 'impossible' | 'gave-up',
): void {
  administered(turn, id, { kind: 'refused', reason });
}

/** The log has new entries from this index on. */
export function appended(turn: Turn, index: number): void {
  const { disk } = turn.state;
  disk.unwrittenFrom = Math.min(disk.unwrittenFrom, index);
  disk.durableIndex = Math.min(disk.durableIndex, index - 1);
  for (const write of disk.pending) write.lastIndex = Math.min(write.lastIndex, index - 1);
}

/**
 * Answers, and nothing else: what this step has put into the log, or has to ask the others, is seen to by
 * the next step that leads, together with all that came in until then.
 */
export function putOff({ early, late }: Turn): RaftEffect[] {
  return late.length === 0 ? early : [...early, ...late];
}

/** What the step comes to, as effects for the host to obey in this order. */
export function endTurn(turn: Turn): RaftEffect[] {
  const effects = turn.early;
  write(turn, effects);
  for (const effect of turn.late) effects.push(effect);
  if (turn.compaction !== undefined && turn.restores) {
    effects.push({ kind: 'restore', snapshot: turn.compaction });
  }
  apply(turn.state, effects);
  return effects;
}

function write(turn: Turn, effects: RaftEffect[]): void {
  const { state, compaction } = turn;
  const { disk } = state;
  if (compaction !== undefined) {
    const records = recordsOf(state, { hard: true, from: compaction.index + 1 });
    effects.push({ kind: 'compact', snapshot: compaction, records });
  } else {
    const records = recordsOf(state, { hard: turn.hardChanged, from: disk.unwrittenFrom });
    if (records.length === 0) return;
    effects.push({ kind: 'persist', records });
  }
  disk.written += 1;
  disk.unwrittenFrom = Infinity;
  if (turn.hardChanged) disk.hardNumber = disk.written;
  disk.pending.push({ number: disk.written, lastIndex: lastIndexOf(state.log) });
}

/** Hands over what is committed and not yet applied (§5.3). */
function apply(state: RaftState, effects: RaftEffect[]): void {
  const { log, commitIndex, appliedIndex } = state;
  if (appliedIndex >= commitIndex) return;
  const entries = [];
  for (let index = appliedIndex + 1; index <= commitIndex; index++) {
    const entry = log.entries[index - log.baseIndex - 1];
    if (entry === undefined) throw new Error(`expected committed entry ${index} in the log`);
    entries.push({ index, term: entry.term, command: entry.command });
  }
  state.appliedIndex = commitIndex;
  effects.push({ kind: 'apply', entries });
}
