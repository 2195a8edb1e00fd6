import { noteRound } from '../roles.ts';
import { type Paxos, type PaxosEffect, type PaxosInput, messageOf } from './bend.ts';
import type { PaxosState } from '../state.ts';

/**
 * Paxos without its manners, and right all the same: every probe is granted, and a rejected leader
 * goes on. What spares a stable leader also hides bugs, so they are looked for on this one as well.
 */
export function reckless(base: Paxos): Paxos {
  return {
    ...base,
    step(state, input, nowMs) {
      const granted = grantProbe(state, input);
      if (granted !== null) return granted;
      const reject = messageOf(input, 'reject');
      if (reject === undefined) return base.step(state, input, nowMs);
      noteRound(state, reject.promised);
      return [];
    },
  };
}

/** The answer to a probe, whoever leads; null for any other input. */
export function grantProbe({ promised }: PaxosState, input: PaxosInput): PaxosEffect[] | null {
  const probe = messageOf(input, 'probe');
  if (probe === undefined || input.kind !== 'message') return null;
  const message = { kind: 'probed', ballot: probe.ballot, granted: true, promised } as const;
  return [{ kind: 'send', to: input.from, message, early: true }];
}
