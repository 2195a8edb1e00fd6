import type { NodeId } from '../../core/node-id.ts';
import { areMembers } from '../members.ts';
import { type Placed, isSameSet, isVoter, votersOf } from './configuration.ts';
import { passOn } from './handover.ts';
import { configurationOf, lastIndexOf } from './log.ts';
import { freshProgress } from './progress.ts';
import { appendOwn } from './replication.ts';
import { becomeFollower } from './roles.ts';
import type { Change, Leadership } from './state.ts';
import { type Turn, administered, refuse, reject } from './turn.ts';

/** Newcomers that get nowhere for so many election timeouts, or need so many rounds, stay outside. */
const catchUpTimeouts = 10;
const mostRounds = 10;

/**
 * A change of members by joint consensus (§6), which any set of members may replace any other by:
 * 1. newcomers catch up without a vote, so that they do not hold the log up later;
 * 2. the joint configuration goes into the log, and everything needs both majorities from then on;
 * 3. once that is committed nobody can decide anything with the former members alone, and the new
 *    configuration goes into the log;
 * 4. once that is committed, the others are out.
 */
export function onMembers(turn: Turn, id: number, nodes: readonly NodeId[]): void {
  const { state, nowMs } = turn;
  const { leading, log, self, peers } = state;
  const { configuration } = configurationOf(log);
  if (leading === undefined) reject(turn, id, 'not-leader');
  else if (!areMembers(nodes, [self, ...peers])) refuse(turn, id, 'impossible');
  else if (leading.change !== undefined || leading.handover !== undefined) {
    refuse(turn, id, 'under-way');
  } else if (isSameSet(configuration.members, nodes)) {
    administered(turn, id, { kind: 'ok', value: null });
  } else {
    for (const node of nodes) {
      if (node === self || leading.progress[node] !== undefined) continue;
      leading.progress[node] = freshProgress(lastIndexOf(log) + 1, nowMs);
    }
    leading.change = {
      ...{ id, members: nodes, phase: 'catching-up', index: 0 },
      round: { number: 1, index: lastIndexOf(log), beganMs: nowMs },
      reached: 0,
      deadlineMs: nowMs + catchUpTimeouts * state.config.electionMs,
    };
  }
}

/** What a new leader finds half done in its log is for it to finish. */
export function inherited(
  { index, configuration }: Placed,
  commitIndex: number,
): Change | undefined {
  const { members, former } = configuration;
  if (former === undefined && index <= commitIndex) return undefined;
  return {
    ...{ id: undefined, members, phase: former === undefined ? 'final' : 'joint', index },
    ...{ round: { number: 0, index: 0, beganMs: 0 }, reached: 0, deadlineMs: Infinity },
  };
}

/**
 * Takes the change as far as it can go now, and says whether that was its end. Nothing of it enters the log before an entry of this term
 * is committed: until then another configuration, of a leader before, may yet come to be (Ongaro's
 * correction of 2015).
 */
export function advanceChange(turn: Turn, leading: Leadership): boolean {
  const { state } = turn;
  const { change, firstIndex } = leading;
  if (change === undefined || state.commitIndex < firstIndex) return false;
  const { members } = change;
  if (change.phase === 'catching-up') {
    if (!haveCaughtUp(turn, leading, change)) return false;
    const { members: former } = configurationOf(state.log).configuration;
    change.phase = 'joint';
    change.index = appendOwn(turn, null, { members, former });
    change.deadlineMs = Infinity;
    return false;
  }
  if (state.commitIndex < change.index) return false;
  if (change.phase === 'joint') {
    change.phase = 'final';
    change.index = appendOwn(turn, null, { members });
    return false;
  }
  leading.change = undefined;
  state.counters.memberChanges += 1;
  if (change.id !== undefined) administered(turn, change.id, { kind: 'ok', value: null });
  return true;
}

/**
 * Newcomers catch up in rounds: each brings what came into the log during the one before. A round that
 * took less than an election timeout leaves so little that it will not be noticed (dissertation §4.2.1).
 */
function haveCaughtUp({ state, nowMs }: Turn, leading: Leadership, change: Change): boolean {
  const { configuration } = configurationOf(state.log);
  const { number, index, beganMs } = change.round;
  const { electionMs } = state.config;
  const newcomers = change.members.flatMap((node) => {
    const progress = isVoter(configuration, node) ? undefined : leading.progress[node];
    return progress === undefined ? [] : [progress];
  });
  let reached = 0;
  for (const { matchIndex, transfer } of newcomers) reached += matchIndex + (transfer?.offset ?? 0);
  if (reached > change.reached) {
    change.reached = reached;
    change.deadlineMs = nowMs + catchUpTimeouts * electionMs;
  }
  if (newcomers.some(({ matchIndex }) => matchIndex < index)) return false;
  if (nowMs - beganMs < electionMs) return true;
  change.round = { number: number + 1, index: lastIndexOf(state.log), beganMs: nowMs };
  if (number === mostRounds) change.deadlineMs = nowMs;
  return false;
}

/** Newcomers that are too slow, or not there, stay outside; nothing of it is in any log. */
export function giveUpChange(turn: Turn, leading: Leadership): void {
  const { change } = leading;
  if (change === undefined || turn.nowMs < change.deadlineMs) return;
  leading.change = undefined;
  dismissOthers(turn, leading);
  if (change.id !== undefined) refuse(turn, change.id, 'gave-up');
}

/**
 * The change is over, and the followers have been told. Those without a vote are not written to any more, and a leader among them leads no longer (§6). It
 * did until now, without counting itself: somebody had to bring the new members their configuration.
 */
export function concludeChange(turn: Turn, leading: Leadership): void {
  const { state } = turn;
  const { configuration } = configurationOf(state.log);
  dismissOthers(turn, leading);
  if (isVoter(configuration, state.self)) return;
  passOn(turn, leading);
  becomeFollower(turn, state.term, undefined);
}

function dismissOthers({ state }: Turn, leading: Leadership): void {
  const voters = votersOf(configurationOf(state.log).configuration);
  const kept = Object.entries(leading.progress).filter(([node]) => voters.includes(node));
  leading.progress = Object.fromEntries(kept);
}
