import { quorumsOf, votersOf } from '../configuration.ts';
import { configurationOf } from '../log.ts';
import { wordsOf } from '../../../core/bug.ts';
import type { RaftMessage } from '../messages.ts';
import type { raft } from '../raft.ts';
import type { RaftState } from '../state.ts';
import type { RaftEffect } from '../turn.ts';
import { type RaftBug, type RaftInput, bent, hurried, onMessage } from './bend.ts';
import {
  crowdedElections,
  doubledVotes,
  evenHalves,
  hastyVotes,
  lonelyLeaders,
  lonelyVoters,
  lostLeaders,
} from './hunts.ts';
import { tornVote } from './torn-votes.ts';

/** What voters and candidates can get wrong. */
export const voteBugs: readonly RaftBug[] = [
  {
    name: 'raft-vote-ignores-log',
    summary: 'Votes go to candidates whose logs lack entries.',
    source: 'Raft §5.4.1',
    anomaly: 'an acknowledged write is lost',
    hunt: lostLeaders,
    plant: bent({
      before: onMessage((message) =>
        message.kind === 'vote' || message.kind === 'pre-vote'
          ? { ...message, lastTerm: 2 ** 40 }
          : message,
      ),
    }),
  },
  {
    name: 'raft-quorum-half',
    summary: 'Half of the nodes are taken for a majority.',
    source: 'Raft §5.1',
    anomaly: 'two sides of a partition go on alone',
    hunt: lonelyLeaders,
    plant: withQuorums((voters) => Math.max(1, Math.floor(voters / 2))),
  },
  {
    name: 'raft-quorum-even',
    summary: 'A majority is rounded up from half: of an even number of nodes it is half of them.',
    source: 'Raft §5.1',
    anomaly: 'two sides of a partition go on alone',
    hunt: evenHalves,
    plant: withQuorums((voters) => Math.ceil(voters / 2)),
  },
  {
    name: 'raft-vote-not-durable',
    summary: 'The reply to a vote leaves before the vote is durable; who restarts votes again.',
    source: 'Raft §5.2; valkey-io/valkey#3887',
    anomaly: 'one term has two leaders',
    hunt: hastyVotes,
    plant: bent({ after: hurried((message) => message.kind === 'vote-reply') }),
  },
  {
    name: 'raft-own-vote-not-durable',
    summary:
      'Its own vote counts before it is durable: the only voter leads a term that it may forget.',
    source: 'a campaign over this Raft, before it was mended',
    anomaly: 'one term has two leaders',
    hunt: lonelyVoters,
    plant: (base) => ({
      ...base,
      step(state, input, nowMs) {
        const effects = base.step(state, input, nowMs);
        return [...effects, ...countOwnVote(base, state, nowMs)];
      },
    }),
  },
  tornVote,
  {
    name: 'raft-vote-reset-same-term',
    summary: 'The vote is forgotten when a leader of the same term is first heard.',
    source: 'camunda/camunda#5368, eliben/raft#27, microsoft/CCF#8094',
    anomaly: 'one term has two leaders',
    hunt: crowdedElections,
    plant: bent({ before: forgetVote }),
  },
  {
    name: 'raft-stale-vote-counted',
    summary: 'Votes of earlier terms count for the current one.',
    source: 'Raft §5.1; andreev-io/little-raft#44',
    anomaly: 'one term has two leaders',
    hunt: crowdedElections,
    plant: bent({
      before: onMessage((message, state) =>
        message.kind === 'vote-reply' && message.granted
          ? { ...message, term: state.term }
          : message,
      ),
    }),
  },
  {
    name: 'raft-duplicate-vote-counted',
    summary: 'Votes are counted as messages, not as voters.',
    source: 'ktoso/akka-raft#45',
    anomaly: 'a leader without a majority',
    hunt: doubledVotes,
    plant: bent({ before: countAgain }),
  },
  {
    name: 'raft-no-prevote',
    summary:
      'Nodes that hear no leader campaign at once, and depose the one that others still hear.',
    source: "Cloudflare's outage of November 2020; decentralizedthoughts.github.io, 2020-12-12",
    anomaly: 'leaders come and go while a majority is in order',
    hunt: wordsOf(
      'register -n 5 --rate 20 --time 30s --mode liveness --nemesis partition:bridge,partition:one-way --nemesis-interval 10s',
    ),
    plant: bent({
      init: (state) => ({
        ...state,
        config: { ...state.config, preVote: false, checkQuorum: false },
      }),
    }),
  },
];

/** So many of these voters are taken for a majority. */
function withQuorums(countOf: (voters: number) => number): RaftBug['plant'] {
  const recount = ({ log }: RaftState): void => {
    const present = configurationOf(log);
    present.quorums = quorumsOf(present.configuration).map(({ voters }) => ({
      ...{ voters, count: countOf(voters.length) },
    }));
  };
  return bent({
    init: (state) => (recount(state), state),
    after: (state, effects) => (recount(state), effects),
  });
}

/** Says for a moment that the vote is durable, though nothing else is. */
function countOwnVote(base: typeof raft, state: RaftState, nowMs: number): RaftEffect[] {
  const { disk } = state;
  const { synced } = disk;
  if (state.role !== 'candidate' || state.votes[state.self] === true) return [];
  disk.synced = disk.hardNumber;
  const effects = base.step(state, { kind: 'persisted', number: 0 }, nowMs);
  disk.synced = synced;
  return effects;
}

function forgetVote(state: RaftState, input: RaftInput): RaftInput {
  if (input.kind !== 'message' || input.message.term !== state.term) return input;
  const isNews = state.leader === undefined && state.role !== 'leader';
  if (isNews && isFromLeader(input.message)) state.vote = null;
  if (input.message.kind === 'vote' && state.vote === null) state.leader = undefined;
  return input;
}

function isFromLeader({ kind }: RaftMessage): boolean {
  return kind === 'append' || kind === 'heartbeat';
}

function countAgain(state: RaftState, input: RaftInput): RaftInput {
  if (input.kind !== 'message' || input.message.kind !== 'vote-reply') return input;
  const { from, message } = input;
  const counts = message.granted && message.term === state.term;
  if (!counts || state.votes[from] !== true) return input;
  const { configuration } = configurationOf(state.log);
  const silent = votersOf(configuration).find((id) => state.votes[id] !== true);
  if (silent !== undefined) state.votes[silent] = true;
  return input;
}
