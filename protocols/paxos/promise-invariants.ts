import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/node-id.ts';
import { compareBallots } from './ballot.ts';
import type { PaxosState, Role } from './state.ts';

interface Standing {
  readonly state: PaxosState;
  readonly role: Role;
  /** How many promises it counts. */
  readonly count: number;
}

/**
 * "An acceptor must remember its intended response in stable storage before it sends it" (Paxos Made
 * Simple §2.5). So whoever is counted by a proposer has promised its ballot, or a higher one, and knows
 * that whatever it has lived through since.
 */
export const countedPromises: Invariant<PaxosState> = {
  name: 'counted promises',
  summary:
    'Who is counted by a proposer has promised, and remembers that (Paxos Made Simple §2.5).',
  watch() {
    /** Of a node that is down, the last of its life before. */
    const known = new Map<NodeId, Standing>();
    return {
      look(node, state) {
        const { role } = state;
        const count = promisesOf(role).length;
        const before = known.get(node);
        // In the course of a life promises only rise, which another invariant watches.
        if (before?.state === state && before.role === role && before.count === count) return null;
        known.set(node, { state, role, count });
        for (const { state: other } of known.values()) {
          const wrong = miscount(other, state) ?? miscount(state, other);
          if (wrong !== null) return wrong;
        }
        return null;
      },
    };
  },
};

function promisesOf(role: Role): readonly NodeId[] {
  return 'promises' in role ? role.promises.nodes : [];
}

/** What is wrong with how one counts the other, or null. */
function miscount({ self, role }: PaxosState, acceptor: PaxosState): string | null {
  if (!('promises' in role) || acceptor.self === self) return null;
  if (!promisesOf(role).includes(acceptor.self)) return null;
  if (compareBallots(acceptor.promised, role.ballot) >= 0) return null;
  const { round, node } = acceptor.promised;
  return `${self} counts ${acceptor.self} for ballot ${role.ballot.round}, who has promised ${round}/${node}`;
}
