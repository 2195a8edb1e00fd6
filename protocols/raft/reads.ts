import { termAt } from './log.ts';
import { beginRound } from './rounds.ts';
import type { Leadership, RaftState } from './state.ts';
import { type Turn, reject } from './turn.ts';

/**
 * Reads without writing to the log (dissertation §6.4):
 * - `index`: the leader makes sure, by a round of heartbeats begun after the read came, that it still
 *   leads; what it knows to be committed then is recent enough. All reads that wait share a round.
 * - `lease`: within an election timeout, less what clocks may drift, of sending heartbeats that a
 *   quorum answered, nobody else can have been elected, and the round is saved (§6.4.1).
 * - `local`: any node answers from what it has applied. Not linearizable, on purpose.
 */
export function onRead(turn: Turn, id: number): void {
  const { state } = turn;
  const { leading, config, counters } = state;
  if (config.reads === 'local') {
    counters.localReads += 1;
    answer(turn, id, state.appliedIndex);
  } else if (leading === undefined) reject(turn, id, 'not-leader');
  else if (config.reads === 'lease' && knowsCommit(state) && turn.nowMs < leaseEndMs(state)) {
    counters.leaseReads += 1;
    answer(turn, id, state.commitIndex);
  } else if (leading.reads.length >= config.maxReads) reject(turn, id, 'overloaded');
  else {
    leading.reads.push({ id, round: leading.lastRound + 1 });
    leading.isPutOff = true;
  }
}

/** Answers what can be answered now, and begins a round for the rest unless one is under way. */
export function serveReads(turn: Turn, leading: Leadership): void {
  if (leading.reads.length === 0) return;
  if (leading.confirmedRound === leading.lastRound && hasUncovered(leading)) {
    turn.state.counters.readRounds += 1;
    beginRound(turn, leading);
  }
  if (!knowsCommit(turn.state)) return;
  const waits = leading.reads.findIndex(({ round }) => round > leading.confirmedRound);
  const count = waits === -1 ? leading.reads.length : waits;
  for (const { id } of leading.reads.splice(0, count)) answer(turn, id, turn.state.commitIndex);
}

/** Whether a read waits for a round that has not begun. */
function hasUncovered({ reads, lastRound }: Leadership): boolean {
  return (reads.at(-1)?.round ?? 0) > lastRound;
}

/** When the lease runs out; by this node's own clock, which may be slower than the others'. */
function leaseEndMs({ config, leading }: RaftState): number {
  const { electionMs, clockDrift } = config;
  if (leading?.isLeaseBroken === true) return -Infinity;
  const leaseMs = (electionMs * (1 - clockDrift)) / (1 + clockDrift);
  return (leading?.confirmedMs ?? -Infinity) + leaseMs;
}

/** A leader knows all that is committed once an entry of its own term is (§6.4, step 1). */
function knowsCommit({ log, commitIndex, term }: RaftState): boolean {
  return termAt(log, commitIndex) === term;
}

function answer(turn: Turn, id: number, index: number): void {
  turn.state.counters.reads += 1;
  turn.late.push({ kind: 'readable', id, index });
}
