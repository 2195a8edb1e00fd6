import { reachedByAll } from '../configuration.ts';
import { configurationOf, lastIndexOf, termAt } from '../log.ts';
import type { RaftMessage } from '../messages.ts';
import type { RaftState } from '../state.ts';
import type { RaftEffect } from '../turn.ts';
import {
  type RaftBug,
  type RaftInput,
  bent,
  commitThrough,
  hurried,
  onMessage,
  onSend,
} from './bend.ts';
import { hastyWords, lostLeaders, restlessLeaders, smallBatches } from './hunts.ts';

/** What can go wrong between a leader's log and its followers'. */
export const logBugs: readonly RaftBug[] = [
  {
    name: 'raft-commit-old-term',
    summary: "Copies of an earlier term's entry are counted as if they were of the leader's own.",
    source: 'Raft §5.4.2, figure 8; logcabin/logcabin#44',
    anomaly: 'a write is seen, then gone',
    hunt: restlessLeaders,
    plant: bent({ after: commitAnyTerm }),
  },
  {
    name: 'raft-commit-past-match',
    summary: 'A follower commits as far as its own log goes, not as far as the message vouches.',
    source: 'Raft §5.3; atomix/copycat#265, databendlabs/databend#3914',
    anomaly: 'a replica applies an entry that no majority has',
    hunt: restlessLeaders,
    plant: bent({ after: commitPastMatch }),
  },
  {
    name: 'raft-ack-last-index',
    summary:
      'A follower vouches for its whole log, not for what it was sent; and it asks for all that follows its commit index.',
    source: 'arXiv 2406.17455 (CCF)',
    anomaly: 'an entry is committed that no majority has',
    hunt: restlessLeaders,
    plant: bent({
      after: onSend((message, { log, commitIndex }) => {
        if (message.kind === 'append-reply') return { ...message, matchIndex: lastIndexOf(log) };
        if (message.kind !== 'append-refusal') return message;
        // Right in itself; whoever asks for what is amiss to the very entry is rarely ahead of it.
        const hintIndex = Math.min(commitIndex, message.hintIndex);
        return { ...message, hintIndex, hintTerm: termAt(log, hintIndex) ?? 0 };
      }),
    }),
  },
  {
    name: 'raft-gap-accepted',
    summary: 'Entries are appended whatever comes before them.',
    source: 'Raft §5.3; oxia-db/oxia#1239',
    anomaly: 'an acknowledged write is lost, and replicas part',
    hunt: lostLeaders,
    plant: bent({ before: onMessage(withoutGap) }),
  },
  {
    name: 'raft-ae-truncates-matching',
    summary: "Whatever follows a message's entries is cut off, also when the entries match.",
    source: 'Raft §5.3; ktoso/akka-raft#66, willemt/raft#37, databendlabs/databend#3914',
    anomaly: 'an acknowledged write is lost',
    hunt: smallBatches,
    plant: bent({ before: onMessage(truncating) }),
  },
  {
    name: 'raft-ack-not-durable',
    summary: 'Followers acknowledge entries before they are durable.',
    source: 'Raft §5.3; tikv/tikv#994',
    anomaly: 'an acknowledged write is lost',
    hunt: hastyWords,
    plant: bent({ after: hurried((message) => message.kind === 'append-reply') }),
  },
  {
    name: 'raft-leader-not-durable',
    summary: 'The leader counts itself before its own disk has the entry.',
    source: "Ongaro's dissertation §10.2.1",
    anomaly: 'an acknowledged write is lost',
    hunt: hastyWords,
    plant: bent({
      before(state, input) {
        state.disk.durableIndex = lastIndexOf(state.log);
        return input;
      },
    }),
  },
];

function commitAnyTerm(state: RaftState, effects: RaftEffect[]): RaftEffect[] {
  const { leading, disk, log, self } = state;
  if (leading === undefined) return effects;
  const index = reachedByAll(configurationOf(log).quorums, (node) =>
    node === self ? disk.durableIndex : (leading.progress[node]?.matchIndex ?? 0),
  );
  return [...effects, ...commitThrough(state, index)];
}

function commitPastMatch(state: RaftState, effects: RaftEffect[], input: RaftInput): RaftEffect[] {
  if (input.kind !== 'message' || input.message.kind !== 'append') return effects;
  if (input.message.term < state.term) return effects;
  return [...effects, ...commitThrough(state, input.message.commitIndex)];
}

function withoutGap(message: RaftMessage, { log }: RaftState): RaftMessage {
  if (message.kind !== 'append') return message;
  const previousIndex = Math.min(message.previousIndex, lastIndexOf(log));
  return { ...message, previousIndex, previousTerm: termAt(log, previousIndex) ?? 0 };
}

function truncating(message: RaftMessage, state: RaftState): RaftMessage {
  if (message.kind !== 'append' || message.term < state.term) return message;
  const { log, commitIndex } = state;
  const { previousIndex, previousTerm } = message;
  if (termAt(log, previousIndex) !== previousTerm) return message;
  const keep = Math.max(previousIndex, commitIndex);
  log.entries.length = Math.min(log.entries.length, Math.max(0, keep - log.baseIndex));
  return message;
}
