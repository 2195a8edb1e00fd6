import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';

export const loopback = '127.0.0.1';

/** Ports of loopback that belong to one run until it is disposed. */
export interface PortBlock extends AsyncDisposable {
  readonly ports: readonly number[];
}

interface PortRange {
  readonly low: number;
  readonly high: number;
}

const blockSize = 64;
const maxTries = 200;

/**
 * Finds free ports below those that the system hands out to outgoing connections: a port from there
 * could be taken by any connection while its node is dead, and somebody who keeps dialling a dead
 * one ends up connected to themselves (TCP's simultaneous open).
 *
 * A block's first port is listened on for as long as the run lasts and claims the rest of the block,
 * so that runs at the same time, of any user, keep out of each other's way even while nodes are dead.
 */
export async function reservePorts(count: number): Promise<PortBlock> {
  const range = await choosableRange();
  const claims: Server[] = [];
  const ports: number[] = [];
  for (let tries = 0; tries < maxTries && ports.length < count; tries++) {
    const blocks = Math.floor((range.high - range.low + 1) / blockSize);
    const first = range.low + randomInt(blocks) * blockSize;
    const claim = await listenOn(first);
    if (claim === null) continue;
    claims.push(claim);
    for (let port = first + 1; port < first + blockSize && ports.length < count; port++) {
      if (await isFree(port)) ports.push(port);
    }
  }
  const release = async (): Promise<void> => {
    await Promise.all(claims.map(close));
  };
  if (ports.length < count) {
    await release();
    throw new Error(
      `expected ${count} free ports on ${loopback} between ${range.low} and ${range.high}, found ` +
        `${ports.length} in ${maxTries} tries; see what listens there (ss -ltn, or lsof -i)`,
    );
  }
  return { ports, [Symbol.asyncDispose]: release };
}

/** What IANA sets aside for outgoing connections, and macOS uses; Linux says what it uses itself. */
const ianaEphemeral: PortRange = { low: 49152, high: 65535 };
const lowest = 10_000;

async function choosableRange(): Promise<PortRange> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const [low = ianaEphemeral.low, high = ianaEphemeral.high] = (text.match(/\d+/g) ?? []).map(
    Number,
  );
  const below = { low: lowest, high: low - 1 };
  const above = { low: high + 1, high: 65535 };
  const widest = below.high - below.low > above.high - above.low ? below : above;
  const isWide = widest.high - widest.low > 16 * blockSize;
  return isWide ? widest : { low: lowest, high: ianaEphemeral.low - 1 };
}

const freeDeadlineMs = 3000;
const freePollMs = 50;

/** Resolves when nobody listens on the addresses, which should be at once. */
export async function untilFree(addresses: readonly Address[], owner: NodeId): Promise<void> {
  const startedMs = performance.now();
  for (const { host, port } of addresses) {
    while (!(await isFree(port))) {
      if (performance.now() - startedMs > freeDeadlineMs) {
        throw new Error(
          `expected ${host}:${port} of ${owner} to be free, but something listens there since ` +
            `${freeDeadlineMs} ms; find it with \`ss -ltnp\` or \`lsof -i :${port}\` and end it`,
        );
      }
      await sleep(freePollMs);
    }
  }
}

const listenPollMs = 15;

/** Resolves when every address accepts a connection, or after the time given. */
export async function untilListening(
  addresses: readonly Address[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  const isOver = (): boolean => signal.aborted || performance.now() - startedMs > timeoutMs;
  for (const address of addresses) {
    while (!isOver() && !(await accepts(address))) await sleep(listenPollMs);
  }
}

/** A paused process accepts too: its kernel does. */
async function accepts(address: Address): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server === null) return false;
  await close(server);
  return true;
}

/** Listens without keeping the process alive; null where the port is taken. */
async function listenOn(port: number): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy()).unref();
  server.listen({ port, host: loopback, exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return null;
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
