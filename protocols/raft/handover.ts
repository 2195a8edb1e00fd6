import type { NodeId } from '../../core/node-id.ts';
import { configurationOf, lastIndexOf } from './log.ts';
import { isVoter } from './configuration.ts';
import type { Handover, Leadership } from './state.ts';
import { type Turn, administered, refuse, reject, sendEarly } from './turn.ts';

/**
 * Leadership transfer (dissertation §3.10): the leader takes no more proposals, brings the other's log
 * up to its own, and tells it not to wait for its election timeout. If it does not lead after an
 * election timeout, everything goes on as before.
 */
export function onTransfer(turn: Turn, id: number, to: NodeId): void {
  const { state, nowMs } = turn;
  const { leading, log, self, config } = state;
  if (leading === undefined) reject(turn, id, 'not-leader');
  else if (to === self) administered(turn, id, { kind: 'ok', value: null });
  else if (!isVoter(configurationOf(log).configuration, to)) refuse(turn, id, 'impossible');
  else if (leading.change !== undefined || leading.handover !== undefined) {
    refuse(turn, id, 'under-way');
  } else leading.handover = { id, to, deadlineMs: nowMs + config.electionMs, isOut: false };
}

/** Tells the other to begin, as soon as it lacks nothing. */
export function advanceHandover(turn: Turn, leading: Leadership): void {
  const { handover, progress } = leading;
  if (handover === undefined || handover.isOut) return;
  if (progress[handover.to]?.matchIndex !== lastIndexOf(turn.state.log)) return;
  handover.isOut = true;
  sendTimeoutNow(turn, leading, handover.to);
}

/** If the other was told to begin it may lead yet; the message is on its way for who knows how long. */
export function giveUpHandover(turn: Turn, leading: Leadership): void {
  const { handover } = leading;
  if (handover === undefined || turn.nowMs < handover.deadlineMs) return;
  leading.handover = undefined;
  if (handover.isOut) administered(turn, handover.id, mayLeadYet(handover));
  else refuse(turn, handover.id, 'gave-up');
}

function mayLeadYet({ to }: Handover): { readonly kind: 'unknown'; readonly reason: string } {
  return { kind: 'unknown', reason: `${to} was told to lead and has not done so in time` };
}

/** A leader that has to go names the follower that lacks least, and saves all an election timeout. */
export function passOn(turn: Turn, leading: Leadership): void {
  const { log } = turn.state;
  const followers = Object.entries(leading.progress);
  followers.sort(([, left], [, right]) => right.matchIndex - left.matchIndex);
  const [first] = followers;
  if (first?.[1].matchIndex === lastIndexOf(log)) sendTimeoutNow(turn, leading, first[0]);
}

/**
 * From now on this leader's lease is worth nothing, to the end of its term: voters will not stand by it
 * against a candidate that it named itself (dissertation §6.4.1), whenever the message arrives.
 */
function sendTimeoutNow(turn: Turn, leading: Leadership, to: NodeId): void {
  leading.isLeaseBroken = true;
  turn.state.counters.handovers += 1;
  sendEarly(turn, to, { kind: 'timeout-now', term: turn.state.term });
}
