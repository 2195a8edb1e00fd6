import type { Consensus, ConsensusInput } from '../consensus.ts';
import { lastIndexOf, termAt } from './log.ts';
import type { Append, RaftMessage } from './messages.ts';
import { raft } from './raft.ts';
import type { RaftState } from './state.ts';
import type { RaftEffect } from './turn.ts';

type Input = ConsensusInput<RaftMessage>;

/** Raft, bent from outside: what goes in, what comes out, or the state in between. */
interface Bend {
  readonly init?: (state: RaftState) => RaftState;
  readonly before?: (state: RaftState, input: Input, nowMs: number) => Input;
  readonly after?: (state: RaftState, effects: RaftEffect[], input: Input) => RaftEffect[];
}

export type RaftMutant = Consensus<RaftState, RaftMessage>;

function bent(name: string, { init, before, after }: Bend): RaftMutant {
  return {
    ...raft,
    name,
    init: (options) => (init ?? ((state) => state))(raft.init(options)),
    step(state, input, nowMs) {
      const given = before?.(state, input, nowMs) ?? input;
      const effects = raft.step(state, given, nowMs) as RaftEffect[];
      return after?.(state, effects, given) ?? effects;
    },
  };
}

/**
 * Wrong Rafts, each with one well-known mistake. A harness worth its name convicts every one of them;
 * no correct code knows of them.
 */
export const raftMutants: readonly RaftMutant[] = [
  /** The vote reply leaves before the vote is durable; a restarted voter votes again (§5.2). */
  bent('raft-vote-not-durable', {
    after: (_, effects) => hurried(effects, (message) => message.kind === 'vote-reply'),
  }),
  /** Followers acknowledge entries before they are durable (§5.3). */
  bent('raft-ack-not-durable', {
    after: (_, effects) => hurried(effects, (message) => message.kind === 'append-reply'),
  }),
  /** The leader counts itself before its own disk has the entry (dissertation §10.2.1). */
  bent('raft-leader-not-durable', {
    before(state, input) {
      state.disk.durableIndex = lastIndexOf(state.log);
      return input;
    },
  }),
  /** Half of the nodes are taken for a majority. */
  bent('raft-quorum-half', {
    init: (state) => ({ ...state, quorum: Math.max(1, Math.floor((state.peers.length + 1) / 2)) }),
  }),
  /** Copies of an earlier term's entry are counted (§5.4.2, figure 8). */
  bent('raft-commit-old-term', { after: commitAnyTerm }),
  /** Votes go to candidates whose logs lack entries (§5.4.1). */
  bent('raft-vote-ignores-log', {
    before: onMessage((message) =>
      message.kind === 'vote' || message.kind === 'pre-vote'
        ? { ...message, lastTerm: 2 ** 40 }
        : message,
    ),
  }),
  /** Entries are appended whatever comes before them (§5.3). */
  bent('raft-gap-accepted', { before: onMessage(withoutGap) }),
  /** Whatever follows a message's entries is cut off, also when they match (§5.3, rule 3). */
  bent('raft-ae-truncates-matching', { before: onMessage(truncating) }),
  /** A follower commits as far as its own log goes, not as far as the message vouches (§5.3). */
  bent('raft-commit-past-match', { after: commitPastMatch }),
  /** Votes of earlier terms count (§5.1). */
  bent('raft-stale-vote-counted', {
    before: onMessage((message, state) =>
      message.kind === 'vote-reply' && message.granted ? { ...message, term: state.term } : message,
    ),
  }),
  /** Votes are counted as messages, not as voters. */
  bent('raft-duplicate-vote-counted', {
    before(state, input) {
      if (input.kind !== 'message' || input.message.kind !== 'vote-reply') return input;
      const { from, message } = input;
      const counts = message.granted && message.term === state.term;
      if (counts && state.votes[from] === true) state.votes[`${from} again`] = true;
      return input;
    },
  }),
  /** The leader answers reads without asking whether it still leads (§8). */
  bent('raft-stale-leader-read', {
    after: (state, effects) => [...effects, ...readsAnswered(state, Infinity)],
  }),
  /** Reads are answered before the leader knows what is committed (dissertation §6.4, step 1). */
  bent('raft-readindex-no-term', {
    after: (state, effects) => [
      ...effects,
      ...readsAnswered(state, state.leading?.confirmedRound ?? 0),
    ],
  }),
  /** The lease runs from the arrival of answers, not from the sending of heartbeats (§6.4.1). */
  bent('raft-lease-from-ack', {
    init: (state) => ({ ...state, config: { ...state.config, reads: 'lease' } }),
    before(state, input, nowMs) {
      const { leading } = state;
      if (input.kind !== 'message' || leading === undefined) return input;
      leading.rounds = leading.rounds.map(({ round }) => ({ round, sentMs: nowMs }));
      return input;
    },
  }),
];

/** Lets these messages overtake the disk. */
function hurried(effects: RaftEffect[], which: (message: RaftMessage) => boolean): RaftEffect[] {
  return effects.map((effect) =>
    effect.kind === 'send' && which(effect.message) ? { ...effect, early: true } : effect,
  );
}

function onMessage(
  change: (message: RaftMessage, state: RaftState) => RaftMessage,
): (state: RaftState, input: Input) => Input {
  return (state, input) =>
    input.kind === 'message' ? { ...input, message: change(input.message, state) } : input;
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

function commitAnyTerm(state: RaftState, effects: RaftEffect[]): RaftEffect[] {
  const { leading, disk, quorum } = state;
  if (leading === undefined) return effects;
  const matches = Object.values(leading.progress).map(({ matchIndex }) => matchIndex);
  matches.push(disk.durableIndex);
  matches.sort((left, right) => right - left);
  return [...effects, ...committed(state, matches[quorum - 1] ?? 0)];
}

function commitPastMatch(state: RaftState, effects: RaftEffect[], input: Input): RaftEffect[] {
  if (input.kind !== 'message' || input.message.kind !== 'append') return effects;
  const append: Append = input.message;
  if (append.term < state.term) return effects;
  return [...effects, ...committed(state, append.commitIndex)];
}

function committed(state: RaftState, index: number): RaftEffect[] {
  const { log, appliedIndex } = state;
  const commitIndex = Math.min(index, lastIndexOf(log));
  if (commitIndex <= state.commitIndex) return [];
  state.commitIndex = commitIndex;
  state.appliedIndex = commitIndex;
  const entries = log.entries
    .slice(appliedIndex - log.baseIndex, commitIndex - log.baseIndex)
    .map((entry, at) => ({ index: appliedIndex + at + 1, ...entry }));
  return [{ kind: 'apply', entries }];
}

function readsAnswered({ leading, commitIndex }: RaftState, round: number): RaftEffect[] {
  if (leading === undefined) return [];
  const ready = leading.reads.filter((read) => read.round <= round);
  leading.reads.splice(0, ready.length);
  return ready.map(({ id }) => ({ kind: 'readable', id, index: commitIndex }));
}
