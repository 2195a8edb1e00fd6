import { compareBallots, isSameBallot } from '../ballot.ts';
import type { MessageOf } from '../messages.ts';
import { entryAt, lastSlot, placeEntry } from '../slot-log.ts';
import type { PaxosState } from '../state.ts';
import { type PaxosBug, bent, messageOf } from './bend.ts';
import { goBetweens, laggards, lonelyLeaders, lostLeaders, suspectedLeaders } from './hunts.ts';

/** What learners can get wrong: taking for chosen what is not, and reading too early. */
export const learnerBugs: readonly PaxosBug[] = [
  {
    name: 'paxos-gap-skip',
    summary: 'A replica executes slot s+1 while s is undecided for it.',
    source: 'Paxos Made Simple §3',
    anomaly: 'replicas part',
    hunt: suspectedLeaders,
    plant: bent((base, state, input, nowMs) => {
      const message = messageOf(input, 'heartbeat');
      if (message !== undefined) fillGaps(state, message);
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-any-ballot-chosen',
    summary: 'What was accepted in any ballot counts as chosen as soon as its slot is.',
    source: 'Paxos Made Simple §2.3',
    anomaly: 'replicas part',
    hunt: suspectedLeaders,
    plant: bent((base, state, input, nowMs) => {
      const message = messageOf(input, 'heartbeat');
      if (message !== undefined) trustOldBallots(state, message);
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-leader-local-read',
    summary: 'The leader answers reads without a lease or a quorum.',
    source: 'Paxos Made Live §5.2',
    anomaly: 'stale read',
    hunt: lonelyLeaders,
    plant: bent((base, state, input, nowMs) =>
      input.kind === 'read' && state.role.kind === 'leading'
        ? [{ kind: 'readable', id: input.id, index: state.chosen }]
        : base.step(state, input, nowMs),
    ),
  },
  {
    name: 'paxos-read-before-recovery',
    summary: 'A new leader answers reads before what phase 1 recovered is chosen.',
    source: "Ongaro's dissertation §6.4",
    anomaly: 'stale read',
    hunt: lostLeaders,
    plant: bent((base, state, input, nowMs) => {
      if (state.role.kind === 'leading') Object.assign(state.role, { barrier: 0 });
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-lease-no-grace',
    summary: "Acceptors promise a new leader before the old one's lease has run out.",
    source: 'Paxos Made Live §5.2; sofastack/sofa-jraft#25',
    anomaly: 'stale read',
    hunt: goBetweens,
    plant: bent((base, state, input, nowMs) => {
      state.grantedUntilMs = -Infinity;
      if (messageOf(input, 'probe') !== undefined) state.heardMs = -Infinity;
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-lease-from-ack',
    summary:
      'The lease runs from the arrival of the answers, not from the sending of the heartbeat.',
    source: "Ongaro's dissertation §6.4.1",
    anomaly: 'stale read',
    hunt: laggards,
    plant: bent((base, state, input, nowMs) => {
      const { role } = state;
      const before = role.kind === 'leading' ? role.confirmed : 0;
      const effects = base.step(state, input, nowMs);
      if (role.kind === 'leading' && role.confirmed > before) role.sentMs[0] = nowMs;
      return effects;
    }),
  },
];

/** Takes nothing for an answer in slots that are missing here and chosen elsewhere. */
function fillGaps({ log, chosen }: PaxosState, message: MessageOf<'heartbeat'>): void {
  const through = Math.min(message.chosen, lastSlot(log));
  for (let slot = chosen + 1; slot <= through; slot++) {
    if (entryAt(log, slot) !== undefined) continue;
    placeEntry(log, slot, { ballot: message.ballot, command: null });
  }
}

function trustOldBallots(state: PaxosState, { ballot, chosen }: MessageOf<'heartbeat'>): void {
  if (compareBallots(ballot, state.promised) < 0) return;
  for (let slot = state.chosen + 1; slot <= chosen; slot++) {
    const entry = entryAt(state.log, slot);
    if (entry === undefined) return;
    if (!isSameBallot(entry.ballot, ballot)) placeEntry(state.log, slot, { ...entry, ballot });
  }
}
