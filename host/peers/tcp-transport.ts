import type { Address } from '../../core/cluster.ts';
import type { NodeId } from '../../core/node-id.ts';
import type { Rng } from '../../core/rng.ts';
import { inboundOf } from './inbound.ts';
import { type Outbound, outboundTo } from './outbound.ts';
import type { PeerLog, PeerStats, PeerTransport } from './peer-transport.ts';

export interface TcpTransportOptions {
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  /** Members of one cluster give the same name; others are refused. */
  readonly cluster: string;
  readonly listen: Address;
  readonly peers: Readonly<Record<NodeId, Address>>;
  readonly rng: Rng;
  readonly log: PeerLog;
  readonly limits?: Partial<TcpTransportLimits>;
}

export interface TcpTransportLimits {
  /** Of one peer, beyond what the kernel holds; more is dropped. */
  readonly maxQueueBytes: number;
  readonly maxInboundConnections: number;
  readonly handshakeTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly dialTimeoutMs: number;
  readonly pingMs: number;
  readonly silenceMs: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

const defaultLimits: TcpTransportLimits = {
  maxQueueBytes: 32 << 20,
  maxInboundConnections: 256,
  handshakeTimeoutMs: 3000,
  idleTimeoutMs: 15_000,
  dialTimeoutMs: 1000,
  pingMs: 500,
  silenceMs: 2000,
  firstRetryMs: 25,
  maxRetryMs: 500,
};

/**
 * Binary frames over TCP. Every pair of nodes has two connections, one for each direction: what A
 * sends to B travels on the one that A dialled, and nothing else but pongs comes back on it.
 */
export function tcpTransport(options: TcpTransportOptions): PeerTransport {
  const { self, nodes, cluster, listen, rng, log } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const lines = new Map<NodeId, Outbound>();
  const inbound = inboundOf({
    ...{ self, nodes, cluster, listen },
    maxConnections: limits.maxInboundConnections,
    handshakeTimeoutMs: limits.handshakeTimeoutMs,
    idleTimeoutMs: limits.idleTimeoutMs,
  });
  return {
    async start(onMessage) {
      await inbound.start(onMessage);
      for (const to of nodes) {
        const address = options.peers[to];
        if (to === self || address === undefined) continue;
        const hello = { cluster, from: self, to };
        lines.set(to, outboundTo({ ...limits, hello, address, log, rng: rng.split(to) }));
      }
    },
    send: (to, payload) => lines.get(to)?.send(payload),
    async close() {
      for (const line of lines.values()) line.close();
      await inbound.close();
    },
    get stats() {
      return statsOf(
        [...lines.values()].map((line) => line.stats),
        inbound.stats,
      );
    },
  };
}

function statsOf(
  lines: readonly Outbound['stats'][],
  inbound: ReturnType<typeof inboundOf>['stats'],
): PeerStats {
  const sum = (pick: (line: Outbound['stats']) => number): number =>
    lines.reduce((total, line) => total + pick(line), 0);
  return {
    connected: lines.filter((line) => line.connected).length,
    inbound: inbound.connections,
    connects: sum((line) => line.connects),
    sentFrames: sum((line) => line.frames),
    sentBytes: sum((line) => line.bytes),
    receivedFrames: inbound.frames,
    receivedBytes: inbound.bytes,
    droppedFrames: sum((line) => line.dropped),
    rejectedConnections: inbound.rejected,
  };
}
