import { dirname, join } from 'node:path';
import type { Address, Link } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Place, PortSpec } from '../core/system.ts';
import { loopback } from './ports.ts';
import type { Route } from './proxy/messages.ts';

/** A node's own ports, by name. */
export type Ports = Readonly<Record<string, Address>>;
export type PortsByNode = Readonly<Record<NodeId, Ports>>;

/** Deals out free port numbers, one for each port of each node. */
export function dealPorts(
  nodes: readonly NodeId[],
  specs: readonly PortSpec[],
  free: readonly number[],
): PortsByNode {
  const left = free.values();
  const deal = (): Address => {
    const { value } = left.next();
    if (value === undefined) throw new Error('expected a free port for each port of each node');
    return { host: loopback, port: value };
  };
  return Object.fromEntries(
    nodes.map((id) => [id, Object.fromEntries(specs.map(({ name }) => [name, deal()]))]),
  );
}

/** Every directed link with the ports that peers dial over it. */
export function routesBetween(
  nodes: readonly NodeId[],
  specs: readonly PortSpec[],
  listens: PortsByNode,
): readonly Route[] {
  const links = nodes.flatMap((from) =>
    nodes.filter((to) => to !== from).map((to): Link => ({ from, to })),
  );
  return links.map((link) => ({
    link,
    ports: only(
      listens[link.to] ?? {},
      specs.filter(({ reachedBy }) => reachedBy === 'peers'),
    ),
  }));
}

export function only(ports: Ports, specs: readonly PortSpec[]): Ports {
  return Object.fromEntries(
    Object.entries(ports).filter(([name]) => specs.some((spec) => spec.name === name)),
  );
}

export interface PlaceOptions {
  readonly cluster: string;
  readonly id: NodeId;
  readonly nodes: readonly NodeId[];
  readonly listens: PortsByNode;
  /** Where to dial instead of the other node itself, as far as proxies stand between. */
  readonly dial: readonly Route[];
  readonly folder: string;
}

/** What clients alone reach has no proxy: its address is for telling clients where else to go. */
export function placeOf({ cluster, id, nodes, listens, dial, folder }: PlaceOptions): Place {
  const peers = nodes
    .filter((other) => other !== id)
    .map((other) => {
      const route = dial.find(({ link }) => link.from === id && link.to === other);
      return [other, { ...listens[other], ...route?.ports }] as const;
    });
  return {
    cluster,
    id,
    nodes,
    host: loopback,
    listen: listens[id] ?? {},
    peers: Object.fromEntries(peers),
    dataDir: dataDirOf(folder),
    packageRoot: dirname(import.meta.dirname),
    nodeBinary: process.execPath,
  };
}

export function dataDirOf(folder: string): string {
  return join(folder, 'data');
}
