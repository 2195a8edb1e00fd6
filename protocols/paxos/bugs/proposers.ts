import { type PaxosBug, bent, bendReceived, messageOf } from './bend.ts';
import { grantProbe } from './reckless.ts';
import { duels, lateAnswers, lostLeaders } from './hunts.ts';
import { lastSlot } from '../slot-log.ts';

/** What proposers can get wrong: whom they count, and what they make of what they are told. */
export const proposerBugs: readonly PaxosBug[] = [
  {
    name: 'paxos-own-value',
    summary: 'After phase 1 the leader proposes its own values though others were reported.',
    source: 'Paxos Made Simple §2.2',
    anomaly: 'an acknowledged write is lost',
    hunt: lostLeaders,
    plant: bent((base, state, input, nowMs) =>
      base.step(
        state,
        bendReceived(input, 'promise', () => ({ reports: [] })),
        nowMs,
      ),
    ),
  },
  {
    name: 'paxos-recover-own-tail',
    summary: "Phase 1 goes only up to the new leader's own last slot.",
    source: 'trex-paxos/trex#13',
    anomaly: 'acknowledged writes are overwritten',
    hunt: lostLeaders,
    plant: bent((base, state, input, nowMs) => {
      const last = lastSlot(state.log);
      const bent = bendReceived(input, 'promise', ({ reports }) => ({
        reports: reports.filter(([slot]) => slot <= last),
      }));
      return base.step(state, bent, nowMs);
    }),
  },
  {
    name: 'paxos-stale-promise',
    summary: 'Promises of an earlier ballot count for the current one.',
    source: 'luohaha/MyPaxos#18',
    anomaly: 'two values are chosen for a slot',
    hunt: lateAnswers,
    plant: bent((base, state, input, nowMs) => {
      const { role } = state;
      if (role.kind !== 'preparing' || input.kind !== 'message') {
        return base.step(state, input, nowMs);
      }
      const from = role.promises.pages[input.from] ?? 0;
      const bent = bendReceived(input, 'promise', ({ ballot }) =>
        ballot.node === state.self && from > 0 ? { ballot: role.ballot, from } : {},
      );
      return base.step(state, bent, nowMs);
    }),
  },
  {
    name: 'paxos-flex-disjoint',
    summary: 'Quorums of phase 1 and phase 2 need not meet.',
    source: 'Flexible Paxos (Howard et al. 2016)',
    anomaly: 'an acknowledged write is lost',
    hunt: lostLeaders,
    plant: bent((base, state, input, nowMs) => {
      for (const each of state.configurations) {
        const { length } = each.members;
        const majority = Math.floor(length / 2) + 1;
        const quorum = state.role.kind === 'leading' ? length - majority : majority;
        Object.assign(each, { quorum });
      }
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-duel',
    summary: 'Whoever is rejected tries a higher ballot at once, whether somebody leads or not.',
    source: 'Paxos Made Simple §2.4',
    anomaly: 'no progress',
    hunt: duels,
    plant: bent((base, state, input, nowMs) => {
      const granted = grantProbe(state, input);
      if (granted !== null) return granted;
      const effects = base.step(state, input, nowMs);
      if (messageOf(input, 'reject') !== undefined) state.deadlineMs = nowMs;
      return effects;
    }),
  },
];
