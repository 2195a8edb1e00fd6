import { connect } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import type { LoadTarget } from '../../core/load-client.ts';
import type { System } from '../../core/system.ts';
import { respLoadClient } from '../../systems/resp-load-client.ts';
import { nullSystem } from './null-system.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const inspectDeadlineMs = 500;

/**
 * A map behind a socket of this machine, in a process of its own: what it takes is what the generator,
 * a connection and Node.js at the other end take. One node alone: several would be as many maps.
 */
export const loopbackSystem: System = {
  name: 'loopback',
  mostNodes: 1,
  summary: 'A map behind a local socket: what connections cost, without a system behind them.',
  operations: ['read', 'write'],
  settings: [],
  launch: {
    ports: [{ name: 'client', port: 7000, reachedBy: 'clients' }],
    image: { kind: 'bundled' },
    command: ({ nodeBinary, packageRoot, listen }) => [
      nodeBinary,
      `${packageRoot}/load/null/loopback-server.${extension}`,
      JSON.stringify(listen.client),
    ],
  },
  connect: (node, options) => nullSystem.connect(node, options),
  async inspect(node) {
    await answers(clientAddress(node));
    return nullSystem.inspect(node);
  },
  lean: (target, options) => respLoadClient(() => clientAddress(target), options),
};

function clientAddress({ id, addresses }: Pick<LoadTarget, 'id' | 'addresses'>): Address {
  if (addresses.client !== undefined) return addresses.client;
  throw new Error(`expected ${id} to have a port for clients`);
}

/** Resolves when somebody listens there. */
function answers({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: inspectDeadlineMs });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => end());
    socket.once('error', end);
    socket.once('timeout', () => end(new Error(`no connection within ${inspectDeadlineMs} ms`)));
  });
}
