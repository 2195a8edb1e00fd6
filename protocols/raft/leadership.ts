import { lastIndexOf, termAt } from './log.ts';
import { freshProgress } from './progress.ts';
import { serveReads } from './reads.ts';
import { appendOwn, replicate } from './replication.ts';
import { becomeFollower } from './roles.ts';
import { beginRound } from './rounds.ts';
import type { Leadership, RaftState } from './state.ts';
import { type Turn, sendEarly } from './turn.ts';

/**
 * A leader begins its term with a no-op: it learns what is committed only by committing an entry of
 * its own (§5.4.2, §8), and must not wait for a client to bring one.
 */
export function becomeLeader(turn: Turn): void {
  const { state, nowMs } = turn;
  const nextIndex = lastIndexOf(state.log) + 1;
  const progress = state.peers.map((peer) => [peer, freshProgress(nextIndex, nowMs)] as const);
  state.role = 'leader';
  state.leader = state.self;
  state.incoming = undefined;
  state.counters.electionsWon += 1;
  state.leading = {
    progress: Object.fromEntries(progress),
    heartbeatDueMs: nowMs + state.config.heartbeatMs,
    rounds: [],
    lastRound: 0,
    confirmedRound: 0,
    confirmedMs: -Infinity,
    reads: [],
  };
  appendOwn(turn, null);
}

/** Whatever came in, a leader then does all that can be done now. */
export function lead(turn: Turn, leading: Leadership): void {
  const { state } = turn;
  state.commitIndex = Math.max(state.commitIndex, committable(state, leading));
  for (const peer of state.peers) {
    const progress = leading.progress[peer];
    if (progress === undefined) continue;
    replicate(turn, peer, progress);
    const known = Math.min(state.commitIndex, progress.matchIndex);
    // The next append carries it, if one is to come.
    if (progress.inflight.length > 0 || progress.probing || known <= progress.toldCommit) continue;
    progress.toldCommit = known;
    sendEarly(turn, peer, { kind: 'commit', term: state.term, index: known });
  }
  serveReads(turn, leading);
}

/**
 * An entry is committed once a quorum has it durably, the leader counting as one as soon as its own
 * disk has it, and only if it is of the leader's own term; earlier ones go with it (§5.4.2: counting
 * copies of an earlier term's entry proves nothing, figure 8).
 */
function committable(state: RaftState, { progress }: Leadership): number {
  const matches = state.peers.map((peer) => progress[peer]?.matchIndex ?? 0);
  matches.push(state.disk.durableIndex);
  matches.sort((left, right) => right - left);
  const index = matches[state.quorum - 1] ?? 0;
  return termAt(state.log, index) === state.term ? index : 0;
}

export function onLeaderTick(turn: Turn, leading: Leadership): void {
  const { state, nowMs } = turn;
  if (nowMs >= quorumDueMs(state, leading)) becomeFollower(turn, state.term, undefined);
  else if (nowMs >= leading.heartbeatDueMs) beginRound(turn, leading);
}

/** When a leader has something to do on its own; alone in its cluster, never. */
export function leaderWakesMs(state: RaftState, leading: Leadership): number {
  if (state.peers.length === 0) return Infinity;
  return Math.min(leading.heartbeatDueMs, quorumDueMs(state, leading));
}

/**
 * When a leader has to step down unless it hears from more followers: an election timeout after it
 * last was in touch with a quorum (dissertation §6.2).
 */
function quorumDueMs({ config, peers, quorum }: RaftState, { progress }: Leadership): number {
  if (!config.checkQuorum || peers.length === 0) return Infinity;
  const heard = peers.map((peer) => progress[peer]?.heardMs ?? -Infinity);
  heard.sort((left, right) => right - left);
  return (heard[quorum - 2] ?? Infinity) + config.electionMs;
}
