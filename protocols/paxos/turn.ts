import type { NodeId } from '../../core/node-id.ts';
import type { Reply } from '../../core/protocol.ts';
import type { ConsensusEffect } from '../consensus.ts';
import type { PaxosMessage } from './messages.ts';
import type { PaxosRecord } from './records.ts';
import type { PaxosState } from './state.ts';

/** One step under way: the state that it changes, and the effects gathered so far. */
export interface Turn {
  readonly state: PaxosState;
  readonly effects: ConsensusEffect<PaxosMessage>[];
  readonly nowMs: number;
}

/**
 * Sends after every persist so far: for what claims a promise or an acceptance of this node.
 */
export function send(turn: Turn, to: NodeId, message: PaxosMessage): void {
  turn.state.counters.messages += 1;
  turn.effects.push({ kind: 'send', to, message });
}

/** Sends at once: for what claims nothing about this node's disk. */
export function sendEarly(turn: Turn, to: NodeId, message: PaxosMessage): void {
  turn.state.counters.messages += 1;
  turn.effects.push({ kind: 'send', to, message, early: true });
}

/** The end of an administrator's request. */
export function administered({ effects }: Turn, id: number, reply: Reply): void {
  effects.push({ kind: 'administered', id, reply });
}

/** It changed nothing and never will. */
export function refuse(
  turn: Turn,
  id: number,
  reason: 'under-way' | 'impossible' | 'gave-up',
): void {
  administered(turn, id, { kind: 'refused', reason });
}

/** Whoever asks this has to ask the leader. */
export function rejectAsFollower({ state, effects }: Turn, id: number): void {
  const { leader } = state;
  const known = leader === undefined ? {} : { leader };
  effects.push({ kind: 'rejected', id, reason: 'not-leader', ...known });
}

/** Returns the number by which the host will report that it is durable. */
export function persist(turn: Turn, record: PaxosRecord): number {
  turn.effects.push({ kind: 'persist', records: [record] });
  turn.state.persists += 1;
  return turn.state.persists;
}
