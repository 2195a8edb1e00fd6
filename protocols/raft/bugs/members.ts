import { wordsOf } from '../../../core/bug.ts';
import type { NodeId } from '../../../core/node-id.ts';
import { type Quorum, quorumsOf, votersOf } from '../configuration.ts';
import { configurationOf } from '../log.ts';
import type { RaftState } from '../state.ts';
import { type RaftBug, type RaftInput, bent } from './bend.ts';

/** The leader is cut off with newcomers, and told to go on with them. */
const tornApart = wordsOf(
  'register -n 5 --rate 200 --time 10s --set members=n1,n2,n3 --nemesis membership:torn --nemesis-interval 1500ms',
);

/** Leaders come and go while others want members to do so, and some are asked as soon as they lead. */
const hastyChanges = wordsOf(
  'register -n 5 --rate 50 --time 10s --set members=n1,n2,n3,n4 --set electionMs=100 --set electionSpreadMs=20 --set heartbeatMs=20 --set preVote=off --nemesis membership:one,partition:isolate-leader --nemesis-interval 300ms',
);

/** What can go wrong when the members change. */
export const memberBugs: readonly RaftBug[] = [
  {
    name: 'raft-member-direct',
    summary: 'Any number of members change in one step, without a joint phase.',
    source: 'Raft §6, figure 10',
    anomaly: 'two majorities that do not know of each other',
    hunt: tornApart,
    plant: bent(withQuorums(({ log }) => newQuorumOnly(log))),
  },
  {
    name: 'raft-joint-union',
    summary: 'In the joint phase a majority of all together counts, not one of each half.',
    source: 'Raft §6; arXiv 2406.17455 (CCF)',
    anomaly: 'two majorities that do not know of each other',
    hunt: tornApart,
    plant: bent(
      withQuorums(({ log }) => [majorityOf(votersOf(configurationOf(log).configuration))]),
    ),
  },
  {
    name: 'raft-learner-counted',
    summary: 'Newcomers that are still catching up count towards the majority.',
    source: "Ongaro's dissertation §4.2.1; Mininglamp-OSS/octo-im#43",
    anomaly: 'an acknowledged write is lost',
    hunt: tornApart,
    plant: bent(withQuorums(withLearners)),
  },
  {
    name: 'raft-member-two-pending',
    summary: 'A second change of one member begins while the first is not yet committed.',
    source: "Ongaro's dissertation §4.1; redpanda-data/redpanda#17675",
    anomaly: 'two majorities that do not know of each other',
    hunt: tornApart,
    plant: bent(oneByOne({ before: forgetPending })),
  },
  {
    name: 'raft-member-before-noop',
    summary:
      "A change of one member begins before an entry of the leader's term is committed; in one step, which is right otherwise.",
    source:
      'Ongaro 2015 (raft-dev, bug in single-server membership changes); atomix/copycat#23, baidu/braft#182, databendlabs/openraft#2051',
    anomaly: 'two majorities that do not know of each other',
    hunt: hastyChanges,
    plant: bent(oneByOne({ before: skipNoOp })),
  },
];

type Bend = Parameters<typeof bent>[0];

/** Quorums as the mistake has them, from the first moment and after every step. */
function withQuorums(quorumsFor: (state: RaftState) => readonly Quorum[]): Bend {
  const bend = (state: RaftState): void => {
    configurationOf(state.log).quorums = quorumsFor(state);
  };
  return {
    init: (state) => (bend(state), state),
    after: (state, effects) => (bend(state), effects),
  };
}

function newQuorumOnly(log: RaftState['log']): readonly Quorum[] {
  return quorumsOf({ members: configurationOf(log).configuration.members });
}

function majorityOf(voters: readonly NodeId[]): Quorum {
  return { voters, count: Math.floor(voters.length / 2) + 1 };
}

function withLearners({ log, leading }: RaftState): readonly Quorum[] {
  const { configuration } = configurationOf(log);
  if (leading?.change?.phase !== 'catching-up') return quorumsOf(configuration);
  const counted = [...new Set([...configuration.members, ...leading.change.members])];
  return [{ ...majorityOf(configuration.members), voters: counted }];
}

/**
 * The other way to change members: one at a time, and then in one step, since majorities of sets that
 * differ by one always meet (dissertation §4.1). It is as right as the joint one, by itself.
 */
export function oneByOne({ before }: Pick<Bend, 'before'> = {}): Bend {
  return {
    ...withQuorums(({ log }) => newQuorumOnly(log)),
    before(state, input, nowMs) {
      const given = oneStep(state, input);
      return before?.(state, given, nowMs) ?? given;
    },
  };
}

/** As much of a wanted change as one step can do: someone added, or else someone taken out. */
function oneStep({ log }: RaftState, input: RaftInput): RaftInput {
  if (input.kind !== 'administer' || input.request.op !== 'members') return input;
  const { members } = configurationOf(log).configuration;
  const { nodes: wanted } = input.request;
  const added = wanted.find((node) => !members.includes(node));
  const removed = members.find((node) => !wanted.includes(node));
  const nodes =
    added === undefined ? members.filter((node) => node !== removed) : [...members, added];
  return { ...input, request: { op: 'members', nodes } };
}

function forgetPending({ leading }: RaftState, input: RaftInput): RaftInput {
  const isUnderWay = leading?.change !== undefined && leading.change.phase !== 'catching-up';
  if (input.kind === 'administer' && isUnderWay) leading.change = undefined;
  return input;
}

function skipNoOp({ leading }: RaftState, input: RaftInput): RaftInput {
  if (leading !== undefined) leading.firstIndex = 0;
  return input;
}
