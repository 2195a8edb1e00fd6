import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/node-id.ts';
import type { RaftState } from './state.ts';

/** What an election depends on, as it was at a node's last turn. */
type Standing = Pick<RaftState, 'term' | 'vote' | 'role'> & { readonly state: RaftState };

/**
 * "Each server will vote for at most one candidate in a given term" (§5.2), through crashes too: votes are
 * on stable storage before they are answered (figure 2). So whoever is counted by a candidate has voted
 * for it, and knows that to the end of the term; and a vote is for somebody who has come to its term.
 */
export const keptVotes: Invariant<RaftState> = {
  name: 'kept votes',
  summary: 'Who is counted by a candidate has voted for it, and remembers that (Raft §5.2).',
  watch() {
    /** Of a node that is down, the last of its life before. */
    const known = new Map<NodeId, Standing>();
    return {
      look(node, state) {
        const { term, vote, role } = state;
        const before = known.get(node);
        const isSame =
          before?.state === state &&
          before.term === term &&
          before.vote === vote &&
          before.role === role;
        if (isSame && role !== 'candidate') return null;
        known.set(node, { state, term, vote, role });
        for (const { state: other } of known.values()) {
          const wrong = miscount(other, state) ?? miscount(state, other);
          if (wrong !== null) return wrong;
        }
        return null;
      },
    };
  },
};

/** What is wrong with how one counts the other, or the other's vote for it; or null. */
function miscount({ self, role, term, votes }: RaftState, voter: RaftState): string | null {
  if (voter.vote === self && voter.term > term) {
    return `${voter.self} has voted for ${self} in term ${voter.term}, who is in term ${term} and has not asked for it`;
  }
  const counts = (role === 'candidate' || role === 'leader') && votes[voter.self] === true;
  if (!counts || voter.term > term) return null;
  if (voter.term === term && voter.vote === self) return null;
  const is = `is in term ${voter.term} and has voted for ${voter.vote ?? 'nobody'}`;
  return `${self} counts the vote of ${voter.self} in term ${term}, who ${is}`;
}
