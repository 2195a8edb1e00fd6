import { noteRound } from '../roles.ts';
import { acceptorMutants } from './acceptors.ts';
import { type Paxos, type PaxosMutant, messageOf } from './bend.ts';
import { learnerMutants } from './learners.ts';
import { proposerMutants } from './proposers.ts';

export type { Paxos, PaxosMutant } from './bend.ts';

export const paxosMutants: readonly PaxosMutant[] = [
  ...acceptorMutants,
  ...proposerMutants,
  ...learnerMutants,
];

/**
 * Paxos without its manners, and right all the same: every probe is granted, and a rejected leader
 * goes on. What spares a stable leader also hides bugs, so mutants are tried on this one as well.
 */
export function reckless(base: Paxos): Paxos {
  return {
    ...base,
    name: 'paxos-reckless',
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
