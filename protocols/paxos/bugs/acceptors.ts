import { compareBallots } from '../ballot.ts';
import type { PaxosRecord } from '../records.ts';
import { type PaxosBug, bent, bendReceived, bendSent, hasten, messageOf } from './bend.ts';
import { compactedLogs, longTails, shortReigns, slowDisks, suspectedLeaders } from './hunts.ts';

/** What acceptors can get wrong: promises, acceptances, and what they remember of them. */
export const acceptorBugs: readonly PaxosBug[] = [
  {
    name: 'paxos-promise-not-durable',
    summary: 'A promise leaves before it is durable.',
    source: 'palantir/atlasdb#1508',
    anomaly: 'two values are chosen for a slot',
    hunt: slowDisks,
    plant: bent((base, ...turn) => hasten(base.step(...turn), 'promise')),
  },
  {
    name: 'paxos-accepted-not-durable',
    summary: 'An acceptance is reported before it is durable.',
    source: 'Paxos Made Simple §2.5',
    anomaly: 'an acknowledged write is lost',
    hunt: slowDisks,
    plant: bent((base, ...turn) => hasten(base.step(...turn), 'accepted')),
  },
  {
    name: 'paxos-ballot-reuse',
    summary: 'Promises are not read back after a restart, so old ballots are used again.',
    source: 'Tencent/phxpaxos#145',
    anomaly: 'one ballot has two values',
    hunt: slowDisks,
    plant: (base) => ({
      ...base,
      init(options) {
        const all = options.durable.records as readonly PaxosRecord[];
        const records = all.filter(({ kind }) => kind !== 'promise');
        return base.init({ ...options, durable: { ...options.durable, records } });
      },
    }),
  },
  {
    name: 'paxos-wiped-acceptor',
    summary:
      'An acceptor that starts again has forgotten what it promised and accepted, and votes.',
    source: 'palantir/atlasdb#1504, palantir/atlasdb#1508; Paxos Made Live §5.1',
    anomaly: 'two values are chosen for a slot',
    hunt: suspectedLeaders,
    plant: (base) => ({
      ...base,
      init: (options) => base.init({ ...options, durable: { ...options.durable, records: [] } }),
    }),
  },
  {
    name: 'paxos-accept-ignores-promise',
    summary: 'Acceptors accept any ballot.',
    source: 'Paxos Made Simple §2.2, P1a',
    anomaly: 'two values are chosen for a slot',
    hunt: suspectedLeaders,
    plant: bent((base, state, input, nowMs) => {
      const { promised } = state;
      const ballot = messageOf(input, 'accept')?.ballot ?? promised;
      if (compareBallots(ballot, promised) < 0) state.promised = ballot;
      const effects = base.step(state, input, nowMs);
      if (compareBallots(promised, state.promised) > 0) state.promised = promised;
      return effects;
    }),
  },
  {
    name: 'paxos-accept-keeps-promise',
    summary: 'Accepting ballot b does not raise the promise to b.',
    source: 'apache/cassandra#1327; brooker.co.za, 2021-11-16',
    anomaly: 'two values are chosen for a slot',
    hunt: suspectedLeaders,
    plant: bent((base, state, input, nowMs) => {
      const { promised } = state;
      const effects = base.step(state, input, nowMs);
      const follows = messageOf(input, 'accept') ?? messageOf(input, 'heartbeat');
      if (follows !== undefined) state.promised = promised;
      return effects;
    }),
  },
  {
    name: 'paxos-telling-grants',
    summary:
      'An acceptor that is still telling one candidate what it has accepted says that it would promise another.',
    source: 'Paxos Made Simple §2.4; found by a campaign of dtest, seed 308506',
    anomaly: 'candidates outbid each other for ever',
    hunt: longTails,
    plant: bent((base, state, input, nowMs) => {
      state.told = { from: 0, atMs: -Infinity };
      return base.step(state, input, nowMs);
    }),
  },
  {
    name: 'paxos-one-ballot-var',
    summary:
      'One variable holds the promised and the accepted ballot: a promise overwrites what was there.',
    source: 'arXiv 1906.10917 (EPaxos erratum)',
    anomaly: 'the wrong value wins phase 1',
    hunt: shortReigns,
    plant: bent((base, state, input, nowMs) =>
      base.step(state, input, nowMs).map((effect) =>
        bendSent(effect, 'promise', ({ reports }) => ({
          reports: reports.map(([slot, , , command]) => {
            const { round, node } = state.promised;
            return [slot, round, node, command];
          }),
        })),
      ),
    ),
  },
  {
    name: 'paxos-gc-forgets',
    summary: 'Below its snapshot an acceptor answers prepare with "nothing accepted".',
    source: 'Made Moderately Complex §4',
    anomaly: 'a decided slot is decided again',
    hunt: compactedLogs,
    plant: bent((base, state, input, nowMs) => {
      const asked = messageOf(input, 'prepare')?.from ?? Infinity;
      const from = state.log.base + 1;
      const above = (message: { readonly from: number }): { from: number } => ({
        from: Math.max(message.from, from),
      });
      const bent = bendReceived(bendReceived(input, 'probe', above), 'prepare', above);
      const effects = base.step(state, bent, nowMs);
      if (asked >= from) return effects;
      const first = (page: { readonly from: number }): { from?: number } =>
        page.from === from ? { from: asked } : {};
      return effects.map((effect) => bendSent(effect, 'promise', first));
    }),
  },
];
