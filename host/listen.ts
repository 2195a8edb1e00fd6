import type { Server } from 'node:net';
import type { Address } from '../core/cluster.ts';

/** Listens, or rejects when the port cannot be had. */
export function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: address.port, host: address.host, backlog: 1024 }, () => {
      server.off('error', reject);
      // Accepting may fail later (EMFILE): that caller is out of luck, the server goes on.
      server.on('error', () => undefined);
      resolve();
    });
  });
}
