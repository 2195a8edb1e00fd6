import type { Address, Node } from '../../core/cluster.ts';
import type { System } from '../../core/system.ts';
import { respClient } from '../resp-client.ts';
import { openResp } from '../resp-connection.ts';
import { respLoadClient } from '../resp-load-client.ts';
import { operationNames } from '../resp-operations.ts';
import { inspectRedis } from './inspect.ts';
import { redisOperation } from './operations.ts';

/** One Redis server, without replicas: what a single machine does, and the journal with it. */
export const redis: System = {
  name: 'redis',
  summary: 'One Redis 7 server with its append-only file, and nothing that takes its place.',
  operations: operationNames,
  mostNodes: 1,
  settings: [
    {
      name: 'fsync',
      summary:
        'When the append-only file is synced: always before an answer, everysec once a second, no when the system likes.',
      values: ['always', 'everysec', 'no'],
      default: 'always',
    },
  ],
  launch: {
    ports: [{ name: 'client', port: 6379, reachedBy: 'clients' }],
    image: { kind: 'registry', reference: 'redis:7', packages: ['redis-server'] },
    command: ({ listen, dataDir }, { fsync = 'always' }) => [
      ...['redis-server', '--bind', listen.client?.host ?? '127.0.0.1'],
      ...['--port', String(listen.client?.port ?? 6379), '--protected-mode', 'no'],
      ...['--dir', dataDir, '--appendonly', 'yes', '--appendfsync', fsync, '--save', ''],
      ...['--maxclients', '10000'],
    ],
    program: {
      name: 'redis-server',
      remedy: 'Install it (on Debian: apt-get install redis-server), or use --world docker.',
    },
  },
  connect: (node, { timeoutMs, clock }) =>
    respClient({
      open: (withinMs) => openResp(clientAddress(node), withinMs),
      operation: redisOperation,
      ...{ clock, timeoutMs },
    }),
  lean: (target, options) => respLoadClient(() => clientAddress(target), options),
  inspect: (node) => inspectRedis(node.id, clientAddress(node)),
};

function clientAddress({ id, addresses }: Pick<Node, 'id' | 'addresses'>): Address {
  const address = addresses.client;
  if (address !== undefined) return address;
  throw new Error(`expected node ${id} to have a port named client, it has none`);
}
