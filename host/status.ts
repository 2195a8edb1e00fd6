import type { HostConfig } from '../core/host-config.ts';
import type { Counters, ProtocolStatus } from '../core/protocol.ts';
import type { NodeStatus } from '../core/system.ts';
import type { LoopStats } from './loop.ts';
import type { PeerStats } from './peers/peer-transport.ts';
import type { RespStats } from './resp/server.ts';
import type { WalStats } from './wal/wal.ts';

/** What the parts of a host say of themselves. */
export interface Figures {
  readonly protocol: ProtocolStatus;
  readonly counters: Counters;
  readonly loop: LoopStats;
  readonly wal: WalStats;
  readonly peers: PeerStats;
  readonly resp: RespStats;
  /** How late timers of the event loop come. */
  readonly delayMsP99: number;
  readonly delayMsMax: number;
}

/** One flat table of counters; the protocol's own come first and keep their names. */
export function statusOf(id: string, figures: Figures): NodeStatus {
  const { protocol, loop, wal, peers, resp } = figures;
  const { role, term, leader, members, commitIndex, appliedIndex } = protocol;
  const counters = {
    ...prefixed('loop', loop),
    ...prefixed('wal', wal),
    ...prefixed('peers', peers),
    ...prefixed('resp', resp),
    eventLoopDelayMsP99: rounded(figures.delayMsP99),
    eventLoopDelayMsMax: rounded(figures.delayMsMax),
    rssBytes: process.memoryUsage.rss(),
    ...figures.counters,
  };
  return {
    ...{ id, role, term, commitIndex, appliedIndex, counters },
    ...(leader === undefined ? {} : { leader }),
    ...(members === undefined ? {} : { members }),
  };
}

/** Counters of the host that go up and down; all others only rise. */
export const gauges: ReadonlySet<string> = new Set([
  ...['loopMaxTurnInputs', 'loopOpenRequests', 'loopHeldEffects'],
  ...['walWaitingBytes', 'walWaitingPersists', 'walMaxBatchPersists', 'walSegments'],
  ...['peersConnected', 'peersInbound', 'respClients', 'respHeldBytes'],
  ...['eventLoopDelayMsP99', 'eventLoopDelayMsMax', 'rssBytes'],
]);

/** As INFO of Redis: sections of `name:value`. */
export function infoText(config: HostConfig, status: NodeStatus | null): string {
  const server = {
    server: 'dtest',
    protocol: config.protocol,
    node: config.place.id,
    process_id: process.pid,
  };
  const replication =
    status === null
      ? { role: 'recovering' }
      : {
          ...{ role: status.role, term: status.term, leader: status.leader ?? '' },
          ...(status.members === undefined ? {} : { members: status.members.join(',') }),
          ...{ commit_index: status.commitIndex, applied_index: status.appliedIndex },
        };
  return [
    section('Server', server),
    section('Replication', replication),
    section('Stats', status?.counters ?? {}),
  ].join('\r\n');
}

function section(title: string, fields: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}:${value}\r\n`);
  return `# ${title}\r\n${lines.join('')}`;
}

function prefixed(prefix: string, stats: object): Readonly<Record<string, number>> {
  const named = Object.entries(stats) as readonly [string, number][];
  return Object.fromEntries(
    named.map(([name, value]) => [
      `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  );
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : 0;
}
