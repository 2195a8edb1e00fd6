import { type AddressInfo, type Server, createServer } from 'node:net';
import { once } from 'node:events';
import type { Address } from '../../core/cluster.ts';
import { type Connection, type Ways, carry } from './connection.ts';

const loopback = '127.0.0.1';
/** More connections than this over one link are turned away. */
const maxConnections = 1024;

/** Listens where one node dials another, and carries every connection on. */
export interface Forwarder {
  /** What the dialling node is told to dial. */
  readonly address: Address;
  readonly connections: ReadonlySet<Connection>;
  /** To be called when a link has changed. */
  update(): void;
}

export async function openForwarder(target: Address, ways: Ways): Promise<Forwarder> {
  const connections = new Set<Connection>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const connection = carry(near, { target, ways, onOver: () => connections.delete(connection) });
    connections.add(connection);
  });
  server.maxConnections = maxConnections;
  return {
    address: await listen(server),
    connections,
    update: () => {
      for (const connection of connections) connection.update();
    },
  };
}

/** Listens on a free port of the loopback interface. */
export async function listen(server: Server): Promise<Address> {
  server.listen(0, loopback);
  await once(server, 'listening');
  return { host: loopback, port: (server.address() as AddressInfo).port };
}
