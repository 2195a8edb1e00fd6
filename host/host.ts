import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { HostConfig } from '../core/host-config.ts';
import { type Protocol, standingOf } from '../core/protocol.ts';
import { rngOf } from '../core/rng.ts';
import type { NodeStatus } from '../core/system.ts';
import { pagesOf } from './http/pages.ts';
import { type HttpServer, httpServer } from './http/server.ts';
import type { Log } from './log.ts';
import { byteCodec } from './byte-codec.ts';
import { type Crash, type Loop, loopOf } from './loop.ts';
import { monotonicMs } from './monotonic.ts';
import { eventLoopSchedule } from './schedule.ts';
import type { PeerTransport } from './peers/peer-transport.ts';
import { tcpTransport } from './peers/tcp-transport.ts';
import { type RespServer, respServer } from './resp/server.ts';
import { roleWatch } from './role-watch.ts';
import { gauges, infoText, statusOf } from './status.ts';
import type { StorageFailure } from './wal/disk.ts';
import { osDisk } from './wal/os-disk.ts';
import { walOpener } from './wal/bugs/index.ts';
import type { Wal } from './wal/wal.ts';

/** A protocol whose state and messages the host passes on and never looks into. */
export type AnyProtocol = Protocol<unknown, unknown>;

export interface HostOptions {
  readonly config: HostConfig;
  readonly protocol: AnyProtocol;
  readonly log: Log;
  readonly onStorageFailure: (failure: StorageFailure) => void;
  readonly onCrash: (crash: Crash) => void;
}

/** A running node. */
export interface Host {
  /** Stops listening, makes everything durable that was asked for, and hangs up. */
  stop(): Promise<void>;
}

/** The parts of a node; log and loop come once the log is recovered. */
export interface Parts {
  readonly options: HostOptions;
  readonly peers: PeerTransport;
  readonly resp: RespServer;
  readonly http: HttpServer;
  readonly delay: ReturnType<typeof monitorEventLoopDelay>;
  running: { readonly wal: Wal; readonly loop: Loop } | null;
  /** When a persist began to wait, as seen by the last look at it. */
  stalled: { readonly persists: number; readonly sinceMs: number } | null;
}

const segmentBytes = 64 << 20;
/** A disk that has made nothing durable for so long, though asked to, is not fine. */
const maxDiskStallMs = 10_000;

/**
 * Starts a node. Its ports come first: clients find out that it is recovering, and a second process
 * on the same folder finds them taken before it has touched a file.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { config, log } = options;
  const { listen, id } = config.place;
  const parts = partsOf(options);
  await parts.resp.start();
  await parts.http.start();
  log('info', 'listening', { node: id, client: listen.client, http: listen.http });
  parts.running = await recover(parts);
  const { loop } = parts.running;
  await parts.peers.start((from, payload) => loop.message(from, payload));
  log('info', 'serving', { node: id, peer: listen.peer, protocol: config.protocol });
  return { stop: () => stop(parts) };
}

function partsOf(options: HostOptions): Parts {
  const { config, log } = options;
  const { place } = config;
  const [client, http, peer] = [place.listen.client, place.listen.http, place.listen.peer];
  if (client === undefined || http === undefined || peer === undefined) {
    throw new Error('expected addresses for the ports client, http and peer');
  }
  const peers = tcpTransport({
    ...{ self: place.id, nodes: place.nodes, listen: peer, log },
    cluster: `${place.cluster}:${config.protocol}:${place.nodes.join(',')}`,
    peers: Object.fromEntries(
      Object.entries(place.peers).flatMap(([id, { peer: at }]) => (at ? [[id, at]] : [])),
    ),
    rng: rngOf(config.seed, `peers of ${place.id}`),
  });
  const parts: Parts = {
    ...{ options, peers, delay: monitorEventLoopDelay({ resolution: 20 }) },
    ...{ running: null, stalled: null },
    resp: respServer(client, {
      notReady: () => (parts.running === null ? 'the node is recovering its log' : null),
      request: (request, onReply) => ready(parts).request(request, onReply),
      cancel: (id) => ready(parts).cancel(id),
      info: () => infoText(config, nodeStatus(parts)),
      members: () => parts.running?.loop.status().members ?? null,
    }),
    http: httpServer(
      http,
      pagesOf({
        ...{ gauges, unhealthy: () => unhealthy(parts), status: () => nodeStatus(parts) },
      }),
    ),
  };
  parts.delay.enable();
  return parts;
}

function ready(parts: Parts): Loop {
  if (parts.running === null) throw new Error('expected the log to be recovered by now');
  return parts.running.loop;
}

async function recover(parts: Parts): Promise<NonNullable<Parts['running']>> {
  const { config, protocol, log, onCrash, onStorageFailure } = parts.options;
  const { place, settings, seed } = config;
  const startedMs = monotonicMs();
  const { wal, durable, notes } = await walOpener(settings)({
    disk: await osDisk(join(place.dataDir, 'wal')),
    segmentBytes,
    onDurable: (number) => ready(parts).durable(number),
    onFailure: onStorageFailure,
  });
  for (const note of notes) log('warn', note);
  const nowMs = monotonicMs();
  const { id: self, nodes } = place;
  const state = protocol.init({ self, nodes, durable, seed, nowMs, settings });
  log('info', 'recovered the log', {
    records: durable.records.length,
    snapshot: durable.snapshot !== undefined,
    elapsedMs: Math.round(monotonicMs() - startedMs),
  });
  const onTurn = roleWatch(() => standingOf(protocol, state), log);
  const send: PeerTransport['send'] = (to, payload) => parts.peers.send(to, payload);
  const loop = loopOf({
    ...{ protocol, state, log: wal, codec: byteCodec, send, onCrash, onTurn },
    ...{ nowMs: monotonicMs, schedule: eventLoopSchedule },
  });
  return { wal, loop };
}

function nodeStatus(parts: Parts): NodeStatus | null {
  if (parts.running === null) return null;
  const { wal, loop } = parts.running;
  return statusOf(parts.options.config.place.id, {
    ...{ protocol: loop.status(), counters: loop.counters() },
    ...{ loop: loop.stats, wal: wal.stats() },
    ...{ peers: parts.peers.stats, resp: parts.resp.stats },
    delayMsP99: parts.delay.percentile(99) / 1e6,
    delayMsMax: parts.delay.max / 1e6,
  });
}

/** That this runs at all says that the loop is alive. */
function unhealthy(parts: Parts): string | null {
  if (parts.running === null) return 'the node is recovering its log';
  const { waitingPersists, persists } = parts.running.wal.stats();
  const nowMs = monotonicMs();
  if (waitingPersists === 0) parts.stalled = null;
  else if (parts.stalled?.persists !== persists) parts.stalled = { persists, sinceMs: nowMs };
  const stalledMs = parts.stalled === null ? 0 : nowMs - parts.stalled.sinceMs;
  if (stalledMs < maxDiskStallMs) return null;
  return `the disk has made nothing durable for ${Math.round(stalledMs)} ms`;
}

async function stop(parts: Parts): Promise<void> {
  const { running, peers, resp, http, delay } = parts;
  running?.loop.stop();
  const hungUp = Promise.all([resp.close(), http.close(), peers.close()]);
  // Replies that waited for the disk only still go out; all others are in doubt.
  await running?.wal.close();
  running?.loop.abandon('the node is stopping');
  await hungUp;
  delay.disable();
}
