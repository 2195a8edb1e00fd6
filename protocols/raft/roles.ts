import type { NodeId } from '../../core/node-id.ts';
import { rngOf } from '../../core/rng.ts';
import type { RaftState } from './state.ts';
import { type Turn, administered, reject } from './turn.ts';

/**
 * Back to following, in this term or a later one, possibly knowing its leader (§5.1). What a deposed
 * leader had in its log is decided by what its successors commit; only its reads end here.
 */
export function becomeFollower(turn: Turn, term: number, leader: NodeId | undefined): void {
  const { state } = turn;
  const { leading } = state;
  if (term > state.term) {
    state.term = term;
    state.vote = null;
    state.incoming = undefined;
    turn.hardChanged = true;
  }
  const led = state.role === 'leader';
  state.role = 'follower';
  state.leader = leader;
  state.votes = {};
  state.leading = undefined;
  if (!led) return;
  state.counters.stepDowns += 1;
  drawElectionTimeout(state);
  awaitElection(turn);
  for (const { id } of leading?.reads ?? []) reject(turn, id, 'not-leader');
  if (leading?.change?.id === undefined) return;
  const { id, phase } = leading.change;
  if (phase === 'catching-up') reject(turn, id, 'not-leader');
  else
    administered(turn, id, { kind: 'unknown', reason: 'its successor has to finish the change' });
}

/** The leader of this term has spoken: its followers wait, its rivals give up. */
export function hearLeader(turn: Turn, leader: NodeId): void {
  const { state } = turn;
  if (state.role !== 'follower') becomeFollower(turn, state.term, leader);
  state.leader = leader;
  state.heardMs = turn.nowMs;
  awaitElection(turn);
}

/** Puts the next election off by a whole time-out. */
export function awaitElection({ state, nowMs }: Turn): void {
  state.electionDueMs = nowMs + state.electionTimeoutMs;
}

/** Time-outs differ from node to node and from try to try, so that votes rarely split (§5.2). */
export function drawElectionTimeout(state: RaftState): void {
  const { electionMs, electionSpreadMs } = state.config;
  state.draws += 1;
  const draw = rngOf(state.seed, `${state.self}/election/${state.draws}`).float();
  state.electionTimeoutMs = electionMs + draw * electionSpreadMs;
}

/**
 * Whether this node stands by a leader that it heard from less than the shortest election timeout
 * ago, and so answers no candidate (dissertation §4.2.3, §6.2). A lease holder relies on that.
 */
export function standsByLeader({ state, nowMs }: Turn): boolean {
  const { config, role, leader, heardMs } = state;
  if (!config.checkQuorum) return false;
  if (role === 'leader') return true;
  const isRecent = nowMs - heardMs < config.electionMs;
  // Under leases a node that has just started stands by a leader that it may have forgotten.
  return isRecent && (leader !== undefined || config.reads === 'lease');
}
