import { inForce, isQuorumOfAll, latest, votersOf } from './membership.ts';
import { sendBatches } from './proposer.ts';
import { recoveredValue } from './recovered-value.ts';
import { entryAt, forgetThrough, lastSlot } from './slot-log.ts';
import type { Leading } from './leading.ts';
import { type Turn, sendEarly } from './turn.ts';

/**
 * A leader has learned of new members: nothing is proposed in their slots before a quorum of them has
 * promised as well. What a leader before has got accepted there, others cannot know. Until their slots
 * come, no-ops go into those that are left to the former members, so that the change does not wait for
 * clients.
 */
export function enterConfigurations(turn: Turn, role: Leading): void {
  const { state } = turn;
  const configuration = inForce(state);
  if (configuration !== role.entered.configuration) {
    role.entered = { configuration, round: role.round + 1 };
  }
  const { slot, from } = latest(state);
  if (slot === role.askedSlot) return;
  role.askedSlot = slot;
  askNewVoters(turn, role);
  for (; role.nextSlot < from; role.nextSlot++) {
    role.queue.push(null);
    state.counters.noops += 1;
  }
  sendBatches(turn, role);
}

/** Asks once more those whose promise is lacking. */
export function resendPrepare(turn: Turn, { ballot, promises, released }: Leading): void {
  const { state } = turn;
  if (isQuorumOfAll(state, promises.nodes)) return;
  for (const node of votersOf(state)) {
    const from = promises.pages[node] ?? 0;
    if (from > 0) sendEarly(turn, node, { kind: 'prepare', ballot, from, released });
  }
}

/**
 * A late promise tells of values that may have been chosen in slots in which nothing was proposed yet.
 * They take the place of whatever waits for these slots, which thereby is in no log.
 */
export function recoverUnsent({ state }: Turn, role: Leading): void {
  const { reports } = role.promises;
  const firstSlot = role.nextSlot - role.queue.length;
  for (let slot = firstSlot; slot <= lastSlot(reports); slot++) {
    if (slot < role.nextSlot && entryAt(reports, slot) === undefined) continue;
    role.queue[slot - firstSlot] = recoveredValue(state, reports, slot);
    role.nextSlot = Math.max(role.nextSlot, slot + 1);
    role.barrier = Math.max(role.barrier, slot);
  }
}

function askNewVoters(turn: Turn, role: Leading): void {
  const { state } = turn;
  const { nodes, pages, reports } = role.promises;
  forgetThrough(reports, state.chosen);
  for (const node of votersOf(state)) {
    if (!nodes.includes(node)) pages[node] = state.chosen + 1;
  }
  resendPrepare(turn, role);
}
