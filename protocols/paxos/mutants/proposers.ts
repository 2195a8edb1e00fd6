import { type PaxosMutant, bendReceived, mutant } from './bend.ts';
import { lastSlot } from '../slot-log.ts';

/** What proposers can get wrong: whom they count, and what they make of what they are told. */
export const proposerMutants: readonly PaxosMutant[] = [
  mutant(
    'paxos-own-value',
    'After phase 1 the leader proposes its own values though others were reported.',
    (base, state, input, nowMs) =>
      base.step(
        state,
        bendReceived(input, 'promise', () => ({ reports: [] })),
        nowMs,
      ),
  ),
  mutant(
    'paxos-recover-own-tail',
    "Phase 1 goes only up to the new leader's own last slot.",
    (base, state, input, nowMs) => {
      const last = lastSlot(state.log);
      const bent = bendReceived(input, 'promise', ({ reports }) => ({
        reports: reports.filter(([slot]) => slot <= last),
      }));
      return base.step(state, bent, nowMs);
    },
  ),
  mutant(
    'paxos-stale-promise',
    'Promises of an earlier ballot count for the current one.',
    (base, state, input, nowMs) => {
      const { role } = state;
      if (role.kind !== 'preparing' || input.kind !== 'message') {
        return base.step(state, input, nowMs);
      }
      const from = role.pages[input.from] ?? 0;
      const bent = bendReceived(input, 'promise', ({ ballot }) =>
        ballot.node === state.self && from > 0 ? { ballot: role.ballot, from } : {},
      );
      return base.step(state, bent, nowMs);
    },
  ),
  mutant(
    'paxos-flex-disjoint',
    'Quorums of phase 1 and phase 2 need not meet.',
    (base, state, input, nowMs) => {
      const nodes = state.peers.length + 1;
      const majority = Math.floor(nodes / 2) + 1;
      const quorum = state.role.kind === 'leading' ? nodes - majority : majority;
      Object.assign(state, { quorum });
      return base.step(state, input, nowMs);
    },
  ),
];
