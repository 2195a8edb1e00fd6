import { wordsOf } from '../../../core/bug.ts';
import { firstMembers } from '../../members.ts';
import { chosenMembers, configuration, isQuorum, latest, votersOf } from '../membership.ts';
import type { PaxosState } from '../state.ts';
import { type PaxosBug, type PaxosInput, bendReceived, bent, messageOf } from './bend.ts';

/**
 * Two of three members change places with two that wait, and the cluster falls apart between those who
 * come and those who go. Many slots are left to the former members, and logs are so short that who was
 * away has to do with a snapshot.
 */
const changingSides = wordsOf(
  'register -n 5 --rate 200 --time 10s --set members=n1,n2,n3 --set maxBatch=1 --set alpha=100 --set snapshotEntries=50 --set heartbeatMs=20 --set electionMs=100 --nemesis membership:swap,partition:majority,kill --nemesis-interval 600ms',
);

/** What can go wrong when the members change. */
export const memberBugs: readonly PaxosBug[] = [
  {
    name: 'paxos-config-at-once',
    summary: 'New members are in force from the slot after their own, not α slots later.',
    source: 'Reconfiguring a State Machine (Lamport, Malkhi, Zhou 2010) §3.1',
    anomaly: 'two quorums that do not meet decide on one slot',
    hunt: changingSides,
    plant: bent((base, state, input, nowMs) => {
      hurry(state);
      const effects = base.step(state, hurried(state, input), nowMs);
      hurry(state);
      return effects;
    }),
  },
  {
    name: 'paxos-old-quorum',
    summary: 'Phase 1 asks the new members only, though slots of the former ones are open.',
    source: 'Paxos Made Simple §3; Reconfiguring a State Machine §3.1',
    anomaly: 'an acknowledged write is lost',
    hunt: changingSides,
    plant: bent((base, state, input, nowMs) => {
      forgoFormer(state, input);
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-enter-unprepared',
    summary: 'A leader proposes to new members without a promise of theirs.',
    source: 'Reconfiguring a State Machine §3.1',
    anomaly: 'two values are chosen for a slot',
    hunt: changingSides,
    plant: bent((base, state, input, nowMs) => {
      const { role } = state;
      if (role.kind === 'leading') {
        const { nodes } = role.promises;
        nodes.push(...votersOf(state).filter((node) => !nodes.includes(node)));
      }
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-snapshot-without-members',
    summary: 'A snapshot does not say who the members are, and the receiver keeps those it knew.',
    source: 'Paxos Made Live §5.5',
    anomaly: 'two quorums that do not meet decide on one slot',
    hunt: changingSides,
    plant: bent((base, state, input, nowMs) => {
      const kept = bendReceived(input, 'snapshot', ({ index }) => ({
        members: chosenMembers(state, index),
      }));
      return base.step(state, kept, nowMs);
    }),
  },
  {
    name: 'paxos-members-not-durable',
    summary: 'After a restart the members are those that the cluster began with.',
    source: 'Paxos Made Live §5.5',
    anomaly: 'two quorums that do not meet decide on one slot',
    hunt: changingSides,
    plant: (base) => ({
      ...base,
      init(options) {
        const state = base.init(options);
        const first = { slot: 0, members: firstMembers(options) };
        state.configurations = [configuration(first, state.settings.alpha)];
        return state;
      },
    }),
  },
];

function hurry(state: PaxosState): void {
  const { configurations } = state;
  if (configurations.every(({ slot, from }) => from === slot + 1)) return;
  state.configurations = configurations.map((each) =>
    each.from === each.slot + 1 ? each : { ...each, from: each.slot + 1 },
  );
}

/** A snapshot's first members are in force by then, as the sender saw it. */
function hurried({ settings: { alpha } }: PaxosState, input: PaxosInput): PaxosInput {
  return bendReceived(input, 'snapshot', ({ index, members }) => ({
    members: members.map((each, at) =>
      at > 0 ? each : { ...each, slot: Math.max(0, Math.min(each.slot, index + 1 - alpha)) },
    ),
  }));
}

/** Once a quorum of the latest members has promised, all others count as if they had. */
function forgoFormer(state: PaxosState, input: PaxosInput): void {
  const { role } = state;
  const last = messageOf(input, 'promise');
  if (role.kind !== 'preparing' || input.kind !== 'message' || last?.next !== 0) return;
  const { nodes } = role.promises;
  const promised = [...nodes, input.from];
  if (!isQuorum(latest(state), promised)) return;
  nodes.push(...votersOf(state).filter((node) => !promised.includes(node)));
}
