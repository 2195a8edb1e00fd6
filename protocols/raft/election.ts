import type { NodeId } from '../../core/node-id.ts';
import { isVoter, reachedByAll, votersOf } from './configuration.ts';
import { configurationOf, lastIndexOf, lastTermOf } from './log.ts';
import type { PreVote, PreVoteReply, Vote, VoteReply } from './messages.ts';
import { becomeLeader } from './leadership.ts';
import { awaitElection, drawElectionTimeout } from './roles.ts';
import type { RaftState } from './state.ts';
import { type Turn, send, sendEarly } from './turn.ts';

/** No leader has been heard from for a whole election timeout (§5.2). */
export function startElection(turn: Turn): void {
  drawElectionTimeout(turn.state);
  awaitElection(turn);
  turn.state.leader = undefined;
  if (turn.state.config.preVote) askAround(turn);
  else campaign(turn);
}

/**
 * Pre-vote (dissertation §9.6): a node that could not win does not raise the term, so one that was
 * cut off does not depose a working leader when it comes back.
 */
function askAround(turn: Turn): void {
  const { state } = turn;
  state.role = 'pre-candidate';
  state.votes = { [state.self]: true };
  state.counters.preVotes += 1;
  if (hasQuorum(state)) {
    campaign(turn);
    return;
  }
  const { log } = state;
  const ask = { term: state.term + 1, lastIndex: lastIndexOf(log), lastTerm: lastTermOf(log) };
  for (const voter of otherVoters(state)) sendEarly(turn, voter, { kind: 'pre-vote', ...ask });
}

/** The leader itself wants this node to be elected in its place (dissertation §3.10). */
export function onTimeoutNow(turn: Turn): void {
  if (mayBeElected(turn.state)) campaign(turn, true);
}

/**
 * Only members stand for election; also former ones, until they know that those who came after them
 * were agreed on. They may be the only ones left who have the entry that says so (dissertation §4.2.2),
 * and lead then by the votes of others.
 */
export function mayBeElected({ log, self, commitIndex }: RaftState): boolean {
  const { configurations } = log;
  return configurations.some(
    ({ configuration }, at) =>
      isVoter(configuration, self) && (configurations[at + 1]?.index ?? Infinity) > commitIndex,
  );
}

/** Votes for itself, and asks the others once that is durable: a vote counts once in a term (§5.2). */
function campaign(turn: Turn, handover = false): void {
  const { state } = turn;
  state.role = 'candidate';
  state.term += 1;
  state.vote = state.self;
  state.votes = {};
  state.counters.elections += 1;
  turn.hardChanged = true;
  const { log, term } = state;
  const ask = { term, lastIndex: lastIndexOf(log), lastTerm: lastTermOf(log), handover };
  for (const voter of otherVoters(state)) send(turn, voter, { kind: 'vote', ...ask });
}

/**
 * Its own vote counts when it is durable, not before: the only member of a cluster would lead a term of
 * which it may know nothing after a crash.
 */
export function onPersistedVote(turn: Turn): void {
  const { state } = turn;
  const { role, self, disk, votes } = state;
  if (role !== 'candidate' || votes[self] === true || disk.hardNumber > disk.synced) return;
  votes[self] = true;
  if (hasQuorum(state)) becomeLeader(turn);
}

function otherVoters({ log, self }: RaftState): NodeId[] {
  return votersOf(configurationOf(log).configuration).filter((voter) => voter !== self);
}

/** Answering binds to nothing, so any number of candidates may hear yes. */
export function onPreVote(turn: Turn, from: NodeId, ask: PreVote): void {
  const { state } = turn;
  const granted = ask.term > state.term && isUpToDate(state, ask);
  const term = granted ? ask.term : state.term;
  send(turn, from, { kind: 'pre-vote-reply', term, granted });
}

export function onPreVoteReply(turn: Turn, from: NodeId, reply: PreVoteReply): void {
  const { state } = turn;
  if (state.role !== 'pre-candidate' || !reply.granted || reply.term !== state.term + 1) return;
  state.votes[from] = true;
  if (hasQuorum(state)) campaign(turn);
}

/** First come, first served, once a term, and only to logs that lack nothing committed (§5.4.1). */
export function onVote(turn: Turn, from: NodeId, ask: Vote): void {
  const { state } = turn;
  const isFree = state.vote === from || (state.vote === null && state.leader === undefined);
  const granted = isFree && isUpToDate(state, ask);
  if (granted) {
    turn.hardChanged ||= state.vote !== from;
    state.vote = from;
    awaitElection(turn);
  }
  send(turn, from, { kind: 'vote-reply', term: state.term, granted });
}

/** Votes are counted as voters, not as messages: one may come twice. */
export function onVoteReply(turn: Turn, from: NodeId, reply: VoteReply): void {
  const { state } = turn;
  if (state.role !== 'candidate' || !reply.granted) return;
  state.votes[from] = true;
  if (hasQuorum(state)) becomeLeader(turn);
}

function hasQuorum({ votes, log }: RaftState): boolean {
  return reachedByAll(configurationOf(log).quorums, (id) => (votes[id] === true ? 1 : 0)) === 1;
}

/** The later last term wins; the longer log among equal ones (§5.4.1). */
function isUpToDate({ log }: RaftState, ask: PreVote | Vote): boolean {
  const lastTerm = lastTermOf(log);
  if (ask.lastTerm !== lastTerm) return ask.lastTerm > lastTerm;
  return ask.lastIndex >= lastIndexOf(log);
}
