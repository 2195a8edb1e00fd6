import { noteRound } from '../roles.ts';
import { acceptorBugs } from './acceptors.ts';
import { type Paxos, type PaxosBug, messageOf } from './bend.ts';
import { learnerBugs } from './learners.ts';
import { memberBugs } from './members.ts';
import { proposerBugs } from './proposers.ts';

export type { Paxos, PaxosBug } from './bend.ts';

/** Multi-Paxos with one thing wrong, in as many ways as are known. */
export const paxosBugs: readonly PaxosBug[] = [
  ...acceptorBugs,
  ...proposerBugs,
  ...learnerBugs,
  ...memberBugs,
];

/**
 * Paxos without its manners, and right all the same: every probe is granted, and a rejected leader
 * goes on. What spares a stable leader also hides bugs, so they are looked for on this one as well.
 */
export function reckless(base: Paxos): Paxos {
  return {
    ...base,
    step(state, input, nowMs) {
      const probe = messageOf(input, 'probe');
      if (probe !== undefined && input.kind === 'message') {
        const { promised } = state;
        const answer = { kind: 'probed', ballot: probe.ballot, granted: true, promised } as const;
        return [{ kind: 'send', to: input.from, message: answer, early: true }];
      }
      const reject = messageOf(input, 'reject');
      if (reject === undefined) return base.step(state, input, nowMs);
      noteRound(state, reject.promised);
      return [];
    },
  };
}
