import type { NodeId } from '../../core/node-id.ts';
import { isSameBallot } from './ballot.ts';
import { inForce } from './membership.ts';
import type { MessageOf } from './messages.ts';
import { releaseReads } from './reads.ts';
import type { Leading } from './leading.ts';
import { type Turn, sendEarly } from './turn.ts';

/**
 * A round is a heartbeat to all, members or not, so that all can learn. When a quorum has answered it, no higher ballot had been promised by
 * a quorum when it was sent: whatever this leader knew to be chosen then was all there was.
 */
export function beginRound(turn: Turn, role: Leading): void {
  const { state, nowMs } = turn;
  role.round += 1;
  role.sentMs.push(nowMs);
  state.counters.heartbeats += 1;
  const { ballot, round } = role;
  for (const peer of state.peers) {
    sendEarly(turn, peer, { kind: 'heartbeat', ballot, round, chosen: state.chosen });
  }
  confirmRounds(turn, role);
}

export function onHeard(turn: Turn, from: NodeId, message: MessageOf<'heard'>): void {
  const { role } = turn.state;
  if (role.kind !== 'leading' || !isSameBallot(role.ballot, message.ballot)) return;
  if (message.round > role.round || message.round <= (role.answered[from] ?? 0)) return;
  role.answered[from] = message.round;
  role.known[from] = message.chosen;
  confirmRounds(turn, role);
}

/** A leader that cannot reach a quorum steps down, so that clients look elsewhere. */
export function isOutOfReach(turn: Turn, role: Leading): boolean {
  const confirmedMs = role.sentMs[0] ?? turn.nowMs;
  return turn.nowMs - confirmedMs >= 2 * turn.state.settings.electionMs;
}

/** The leader answers its own rounds at once: it would not lead had it promised a higher ballot. */
function confirmRounds(turn: Turn, role: Leading): void {
  const { self } = turn.state;
  const { members, quorum } = inForce(turn.state);
  const answered = members.map((node) => (node === self ? role.round : (role.answered[node] ?? 0)));
  answered.sort((one, other) => other - one);
  const confirmed = answered[quorum - 1] ?? 0;
  if (confirmed <= role.confirmed) return;
  role.sentMs.splice(0, confirmed - role.confirmed);
  role.confirmed = confirmed;
  releaseReads(turn, role);
}
