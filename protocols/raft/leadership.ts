import { advanceChange, concludeChange, giveUpChange, inherited } from './change.ts';
import { reachedByAll, votersOf } from './configuration.ts';
import { advanceHandover, giveUpHandover } from './handover.ts';
import { configurationOf, lastIndexOf, termAt } from './log.ts';
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
  const present = configurationOf(state.log);
  const others = votersOf(present.configuration).filter((voter) => voter !== state.self);
  const progress = others.map((voter) => [voter, freshProgress(nextIndex, nowMs)] as const);
  state.role = 'leader';
  state.leader = state.self;
  state.incoming = undefined;
  state.counters.electionsWon += 1;
  state.leading = {
    progress: Object.fromEntries(progress),
    firstIndex: nextIndex,
    isPutOff: false,
    heartbeatDueMs: nowMs + state.config.heartbeatMs,
    rounds: [],
    lastRound: 0,
    confirmedRound: 0,
    confirmedMs: -Infinity,
    reads: [],
    change: inherited(present, state.commitIndex),
    handover: undefined,
    isLeaseBroken: false,
  };
  appendOwn(turn, null);
}

/** Whatever came in, a leader then does all that can be done now. */
export function lead(turn: Turn, leading: Leadership): void {
  const { state } = turn;
  leading.isPutOff = false;
  state.commitIndex = Math.max(state.commitIndex, committable(state, leading));
  const isChanged = leading.change !== undefined && advanceChange(turn, leading);
  for (const peer in leading.progress) {
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
  advanceHandover(turn, leading);
  if (isChanged) concludeChange(turn, leading);
}

/**
 * An entry is committed once a quorum has it durably, the leader counting as one as soon as its own
 * disk has it, and only if it is of the leader's own term; earlier ones go with it (§5.4.2: counting
 * copies of an earlier term's entry proves nothing, figure 8). A leader that is no member any more
 * counts for nothing (§6).
 */
function committable({ self, log, disk, term }: RaftState, { progress }: Leadership): number {
  const index = reachedByAll(configurationOf(log).quorums, (node) =>
    node === self ? disk.durableIndex : (progress[node]?.matchIndex ?? 0),
  );
  return termAt(log, index) === term ? index : 0;
}

export function onLeaderTick(turn: Turn, leading: Leadership): void {
  const { state, nowMs } = turn;
  giveUpHandover(turn, leading);
  giveUpChange(turn, leading);
  if (nowMs >= quorumDueMs(state, leading)) becomeFollower(turn, state.term, undefined);
  else if (nowMs >= leading.heartbeatDueMs && hasFollowers(leading)) beginRound(turn, leading);
}

/** When a leader has something to do on its own; alone in its cluster, never. */
export function leaderWakesMs(state: RaftState, leading: Leadership): number {
  const { change, handover, heartbeatDueMs, isPutOff } = leading;
  if (isPutOff) return -Infinity;
  const deadlineMs = Math.min(change?.deadlineMs ?? Infinity, handover?.deadlineMs ?? Infinity);
  if (!hasFollowers(leading)) return deadlineMs;
  return Math.min(heartbeatDueMs, quorumDueMs(state, leading), deadlineMs);
}

function hasFollowers({ progress }: Leadership): boolean {
  for (const _ in progress) return true;
  return false;
}

/**
 * When a leader has to step down unless it hears from more followers: an election timeout after it
 * last was in touch with a quorum (dissertation §6.2).
 */
function quorumDueMs({ config, self, log }: RaftState, { progress }: Leadership): number {
  if (!config.checkQuorum) return Infinity;
  const heardMs = reachedByAll(configurationOf(log).quorums, (node) =>
    node === self ? Infinity : (progress[node]?.heardMs ?? -Infinity),
  );
  return heardMs + config.electionMs;
}
