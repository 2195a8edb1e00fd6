import type { Address } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Place, PortSpec } from '../core/system.ts';

/** Where a node's data is, in its own container: a volume, which lasts as long as the cluster. */
export const dataDir = '/var/lib/dtest';

/** A node's place as its process in the container sees it. Every node has all port numbers to itself. */
export function placeOf(
  { cluster, id }: { readonly cluster: string; readonly id: NodeId },
  addresses: ReadonlyMap<NodeId, string>,
  ports: readonly PortSpec[],
): Place {
  const at = (host: string): Record<string, Address> =>
    Object.fromEntries(ports.map(({ name, port }) => [name, { host, port }]));
  return {
    cluster,
    id,
    nodes: [...addresses.keys()],
    host: addresses.get(id) ?? id,
    listen: at('0.0.0.0'),
    peers: Object.fromEntries(
      [...addresses].flatMap(([peer, host]) => (peer === id ? [] : [[peer, at(host)]])),
    ),
    dataDir,
    packageRoot: '/opt/dtest',
    nodeBinary: '/usr/local/bin/node',
  };
}
