import type { NodeId } from '../../core/node-id.ts';
import { areMembers } from '../members.ts';
import { isKnownInForce } from './handover.ts';
import { inForce, isReconfiguration, isSameSet, latest } from './membership.ts';
import { appendOwn, isOpen } from './proposer.ts';
import { beginRound } from './rounds.ts';
import type { Change, Leading } from './leading.ts';
import type { PaxosState } from './state.ts';
import { type Turn, administered, refuse, rejectAsFollower } from './turn.ts';

/** Newcomers that have not caught up after so many election timeouts do not become members. */
const catchUpTimeouts = 10;

/**
 * A change of members, any set to any other:
 * 1. newcomers catch up, as every machine does, member or not;
 * 2. the reconfiguration is proposed like any command, in a slot s;
 * 3. once it is chosen, no-ops fill the slots up to s + α, and phase 1 reaches the new members;
 * 4. it is done when it is in force and a quorum of the new members knows that.
 */
export function onMembers(turn: Turn, id: number, nodes: readonly NodeId[]): void {
  const { state, nowMs } = turn;
  const { role, self, peers, settings } = state;
  if (role.kind !== 'leading') rejectAsFollower(turn, id);
  else if (!areMembers(nodes, [self, ...peers])) refuse(turn, id, 'impossible');
  else if (isUnderWay(state, role)) refuse(turn, id, 'under-way');
  else if (isSameSet(inForce(state).members, nodes)) {
    administered(turn, id, { kind: 'ok', value: null });
  } else {
    role.change = {
      ...{ id, members: nodes, chosen: state.chosen, round: role.round + 1, slot: undefined },
      deadlineMs: nowMs + catchUpTimeouts * settings.electionMs,
    };
    beginRound(turn, role);
    advanceChange(turn, role);
  }
}

/** Takes the change as far as it can go now. */
export function advanceChange(turn: Turn, role: Leading): void {
  const { state } = turn;
  const { change } = role;
  if (change === undefined) return;
  if (change.slot === undefined) {
    if (!areReady(state, role, change)) return;
    const { members } = change;
    change.slot = appendOwn(turn, role, { kind: 'members', members });
    return;
  }
  const { slot, from } = latest(state);
  if (slot !== change.slot || state.chosen < from - 1 || !isKnownInForce(state, role)) return;
  role.change = undefined;
  state.counters.memberChanges += 1;
  administered(turn, change.id, { kind: 'ok', value: null });
}

/** Newcomers that are too slow, or not there, stay outside; nothing of it is in any slot. */
export function giveUpChange(turn: Turn, role: Leading): void {
  const { change } = role;
  if (change === undefined || change.slot !== undefined || turn.nowMs < change.deadlineMs) return;
  role.change = undefined;
  refuse(turn, change.id, 'gave-up');
}

/**
 * One at a time, though α would allow more: what is in force next would be hard to foresee. That counts
 * what leaders before have begun, and all of that is known once what phase 1 recovered is chosen.
 */
function isUnderWay(state: PaxosState, role: Leading): boolean {
  if (role.change !== undefined || role.handover !== undefined) return true;
  if (state.chosen < role.barrier || latest(state).from > state.chosen + 1) return true;
  return isOpen(role, isReconfiguration);
}

/** A majority of the new members is there with all that was chosen before, and so are all newcomers. */
function areReady(
  { self, configurations, chosen }: PaxosState,
  role: Leading,
  change: Change,
): boolean {
  const { members } = inForce({ configurations, chosen });
  const isReady = (node: NodeId): boolean =>
    node === self ||
    ((role.answered[node] ?? 0) >= change.round && (role.known[node] ?? 0) >= change.chosen);
  const ready = change.members.filter(isReady);
  const newcomers = change.members.filter((node) => !members.includes(node));
  return newcomers.every(isReady) && 2 * ready.length > change.members.length;
}
