import { compareBallots } from '../ballot.ts';
import type { PaxosRecord } from '../records.ts';
import { type PaxosMutant, bendReceived, bendSent, hasten, messageOf, mutant } from './bend.ts';

/** What acceptors can get wrong: promises, acceptances, and what they remember of them. */
export const acceptorMutants: readonly PaxosMutant[] = [
  mutant('paxos-promise-not-durable', 'A promise leaves before it is durable.', (base, ...turn) =>
    hasten(base.step(...turn), 'promise'),
  ),
  mutant(
    'paxos-accepted-not-durable',
    'An acceptance is reported before it is durable.',
    (base, ...turn) => hasten(base.step(...turn), 'accepted'),
  ),
  {
    id: 'paxos-ballot-reuse',
    deviation: 'Promises are not read back after a restart, so old ballots are used again.',
    of: (base) => ({
      ...base,
      name: 'paxos-ballot-reuse',
      init(options) {
        const all = options.durable.records as readonly PaxosRecord[];
        const records = all.filter(({ kind }) => kind !== 'promise');
        return base.init({ ...options, durable: { ...options.durable, records } });
      },
    }),
  },
  mutant(
    'paxos-accept-ignores-promise',
    'Acceptors accept any ballot.',
    (base, state, input, nowMs) => {
      const { promised } = state;
      const ballot = messageOf(input, 'accept')?.ballot ?? promised;
      if (compareBallots(ballot, promised) < 0) state.promised = ballot;
      const effects = base.step(state, input, nowMs);
      if (compareBallots(promised, state.promised) > 0) state.promised = promised;
      return effects;
    },
  ),
  mutant(
    'paxos-accept-keeps-promise',
    'Accepting ballot b does not raise the promise to b.',
    (base, state, input, nowMs) => {
      const { promised } = state;
      const effects = base.step(state, input, nowMs);
      const follows = messageOf(input, 'accept') ?? messageOf(input, 'heartbeat');
      if (follows !== undefined) state.promised = promised;
      return effects;
    },
  ),
  mutant(
    'paxos-one-ballot-var',
    'One variable holds the promised and the accepted ballot.',
    (base, state, input, nowMs) => {
      const { promised } = state;
      const { round, node } = promised;
      return base.step(state, input, nowMs).map((effect) =>
        bendSent(effect, 'promise', ({ reports }) => ({
          reports: reports.map((report) => {
            const accepted = { round: report[1], node: report[2] };
            return compareBallots(promised, accepted) > 0
              ? [report[0], round, node, report[3]]
              : report;
          }),
        })),
      );
    },
  ),
  mutant(
    'paxos-gc-forgets',
    'Below its snapshot an acceptor answers prepare with "nothing accepted".',
    (base, state, input, nowMs) => {
      const asked = messageOf(input, 'prepare')?.from ?? Infinity;
      const from = state.log.base + 1;
      const above = (message: { readonly from: number }): { from: number } => ({
        from: Math.max(message.from, from),
      });
      const bent = bendReceived(bendReceived(input, 'probe', above), 'prepare', above);
      const effects = base.step(state, bent, nowMs);
      if (asked >= from) return effects;
      return effects.map((effect) => bendSent(effect, 'promise', () => ({ from: asked })));
    },
  ),
];
