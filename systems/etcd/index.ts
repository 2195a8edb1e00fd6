import type { Address, Node } from '../../core/cluster.ts';
import type { Place, Settings, System } from '../../core/system.ts';
import { number } from '../bundled.ts';
import { etcdClient } from './client.ts';
import { openGrpc } from './grpc-session.ts';
import { inspectEtcd } from './inspect.ts';
import { etcdLoadClient } from './load-client.ts';
import { operationNames } from './operations.ts';

/** etcd 3.4 as Debian 12 has it, over its own API; any later 3.x speaks the same. */
export const etcd: System = {
  name: 'etcd',
  summary: 'etcd 3.4, a key-value store on Raft, over its own gRPC API.',
  operations: operationNames,
  settings: [
    {
      name: 'reads',
      summary: 'How reads are answered: index asks a majority first, local may be stale.',
      values: ['index', 'local'],
      default: 'index',
    },
    number('heartbeatMs', 100, 'Milliseconds from one heartbeat of a leader to the next.'),
    number(
      'electionMs',
      1000,
      'Milliseconds without a leader after which a node may want to lead.',
    ),
  ],
  launch: {
    ports: [
      { name: 'client', port: 2379, reachedBy: 'clients' },
      { name: 'peer', port: 2380, reachedBy: 'peers' },
    ],
    image: { kind: 'packages', packages: ['etcd-server'] },
    command,
    program: {
      name: 'etcd',
      remedy: 'Install it (on Debian: apt-get install etcd-server), or use --world docker.',
    },
    sharesAddresses: true,
  },
  connect: (node, { timeoutMs, clock, settings }) =>
    etcdClient({
      open: (withinMs) => openGrpc(clientAddress(node), withinMs),
      ...{ timeoutMs, clock, isSerializable: isSerializable(settings) },
    }),
  lean: (target, { settings, ...options }) =>
    etcdLoadClient(() => clientAddress(target), isSerializable(settings), options),
  inspect: (node) => inspectEtcd(node.id, clientAddress(node)),
};

function isSerializable({ reads }: Settings): boolean {
  return reads === 'local';
}

function clientAddress({ id, addresses }: Pick<Node, 'id' | 'addresses'>): Address {
  const address = addresses.client;
  if (address !== undefined) return address;
  throw new Error(`expected node ${id} to have a port named client, it has none`);
}

/** A member's identity follows from its address, so all have to tell the same of each. */
function command(place: Place, settings: Settings): readonly string[] {
  const { id, host, nodes, listen, peers, cluster, dataDir } = place;
  const own = (port: string): string => urlOf({ host, port: portOf(listen, port) });
  const here = (port: string): string =>
    urlOf(listen[port] ?? { host, port: portOf(listen, port) });
  const members = nodes.map((node) => {
    const address = node === id ? own('peer') : urlOf(peers[node]?.peer ?? unknown(node));
    return `${node}=${address}`;
  });
  return [
    ...['etcd', '--name', id, '--data-dir', `${dataDir}/etcd`, '--logger', 'zap'],
    ...['--listen-client-urls', here('client'), '--advertise-client-urls', own('client')],
    ...['--listen-peer-urls', here('peer'), '--initial-advertise-peer-urls', own('peer')],
    ...['--initial-cluster', members.join(','), '--initial-cluster-token', cluster],
    ...['--heartbeat-interval', settings.heartbeatMs ?? '100'],
    ...['--election-timeout', settings.electionMs ?? '1000'],
  ];
}

function portOf(listen: Place['listen'], name: string): number {
  const address = listen[name];
  if (address === undefined)
    throw new Error(`expected a port named ${name} to listen on, got none`);
  return address.port;
}

function unknown(node: string): never {
  throw new Error(`expected the address of ${node}, got none`);
}

function urlOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
