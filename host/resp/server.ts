import { type Socket, createServer } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import { defaultRequestLimits } from '../../wire/resp-request.ts';
import { listen } from '../listen.ts';
import type { ConnectionLimits, Service } from './connection-options.ts';
import { type Connection, connectionOf } from './connection.ts';
import { memoryBudget } from './memory-budget.ts';
import { error } from './reply-text.ts';

export interface RespLimits extends ConnectionLimits {
  readonly maxClients: number;
  /** All connections together. */
  readonly maxMemoryBytes: number;
}

export const defaultRespLimits: RespLimits = {
  ...defaultRequestLimits,
  maxInFlight: 1024,
  highOutputBytes: 1 << 20,
  // Room for the replies to all that may be in flight, of the largest values that can be set.
  maxOutputBytes: 80 << 20,
  stallTimeoutMs: 30_000,
  lingerMs: 1000,
  maxClients: 12_000,
  maxMemoryBytes: 256 << 20,
};

/** The client port: RESP2, as Redis speaks it. */
export interface RespServer {
  /** Rejects when the port cannot be had. */
  start(): Promise<void>;
  /** No more clients and no more requests; replies under way still go out, for a moment. */
  close(): Promise<void>;
  readonly stats: RespStats;
}

export interface RespStats {
  readonly clients: number;
  readonly commands: number;
  readonly clientsRefused: number;
  readonly clientsCutOff: number;
  readonly heldBytes: number;
}

const sweepMs = 1000;
const closeTimeoutMs = 1000;

export function respServer(
  address: Address,
  service: Service,
  limits: RespLimits = defaultRespLimits,
): RespServer {
  const budget = memoryBudget(limits.maxMemoryBytes);
  const connections = new Map<Socket, Connection>();
  const counts = { ids: 0, commands: 0, refused: 0, cutOff: 0 };
  const onCommand = (): void => {
    counts.commands++;
  };
  const onCutOff = (): void => {
    counts.cutOff++;
  };

  // Half-open: a client that has said all and closed its side still gets its replies.
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
    if (connections.size >= limits.maxClients) {
      counts.refused++;
      turnAway(socket);
      return;
    }
    const id = ++counts.ids;
    socket.once('close', () => connections.delete(socket));
    const options = { id, socket, service, limits, budget, onCommand, onCutOff };
    connections.set(socket, connectionOf(options));
  });
  let sweeper: NodeJS.Timeout | undefined;

  return {
    async start() {
      await listen(server, address);
      sweeper = setInterval(() => {
        const nowMs = performance.now();
        for (const connection of connections.values()) connection.sweep(nowMs);
      }, sweepMs);
    },
    async close() {
      clearInterval(sweeper);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections.values()) connection.finish();
      const deadline = setTimeout(() => {
        for (const connection of connections.values()) connection.destroy();
      }, closeTimeoutMs);
      await closed;
      clearTimeout(deadline);
    },
    get stats() {
      const { commands, refused, cutOff } = counts;
      return {
        ...{ clients: connections.size, commands, clientsRefused: refused, clientsCutOff: cutOff },
        heldBytes: budget.taken,
      };
    },
  };
}

function turnAway(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.end(error('ERR', 'max number of clients reached'));
  // Whether the client has read it or not, by then it is gone.
  socket.setTimeout(1000, () => socket.destroy());
  socket.resume();
  socket.once('end', () => socket.destroy());
}
