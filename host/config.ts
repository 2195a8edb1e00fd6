import type { Address } from '../core/cluster.ts';
import type { HostConfig } from '../core/host-config.ts';
import type { NodeId } from '../core/node-id.ts';

/** The program was started wrongly; its message says how. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the program's argument. Throws `ConfigError`, naming the place, on anything unexpected. */
export function parseConfig(argument: string | undefined): HostConfig {
  if (argument === undefined) fail('the argument', 'a HostConfig as JSON', undefined);
  const config = object('the argument', parseJson(argument));
  const place = object('place', config.place);
  const id = text('place.id', place.id);
  const nodes = list('place.nodes', place.nodes).map((each) => text('place.nodes', each));
  if (!nodes.includes(id)) fail('place.nodes', `the node's own id ${id} among them`, nodes);
  if (new Set(nodes).size < nodes.length) fail('place.nodes', 'different names', nodes);
  const listen = addresses('place.listen', place.listen, ['client', 'peer', 'http']);
  return {
    protocol: text('protocol', config.protocol),
    place: {
      cluster: text('place.cluster', place.cluster),
      host: text('place.host', place.host),
      ...{ id, nodes, listen, peers: peersOf(id, nodes, place.peers) },
      dataDir: text('place.dataDir', place.dataDir),
      packageRoot: text('place.packageRoot', place.packageRoot),
      nodeBinary: text('place.nodeBinary', place.nodeBinary),
    },
    settings: texts('settings', config.settings),
    seed: integer('seed', config.seed, Number.MAX_SAFE_INTEGER),
  };
}

type Addresses = Readonly<Record<string, Address>>;

function peersOf(
  self: NodeId,
  nodes: readonly NodeId[],
  value: unknown,
): Readonly<Record<NodeId, Addresses>> {
  const peers = object('place.peers', value);
  const others = nodes.filter((node) => node !== self);
  return Object.fromEntries(
    others.map((node) => [node, addresses(`place.peers.${node}`, peers[node], ['peer'])]),
  );
}

function addresses(where: string, value: unknown, ports: readonly string[]): Addresses {
  const named = object(where, value);
  return Object.fromEntries(
    ports.map((port) => {
      const address = object(`${where}.${port}`, named[port]);
      const host = text(`${where}.${port}.host`, address.host);
      return [port, { host, port: integer(`${where}.${port}.port`, address.port, 65_535) }];
    }),
  );
}

function parseJson(argument: string): unknown {
  try {
    return JSON.parse(argument) as unknown;
  } catch (cause) {
    throw new ConfigError(`expected the argument to be JSON, got ${String(cause)}`, { cause });
  }
}

function object(where: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail(where, 'an object', value);
  }
  return value as Readonly<Record<string, unknown>>;
}

function list(where: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : fail(where, 'a list', value);
}

function text(where: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : fail(where, 'a text', value);
}

function texts(where: string, value: unknown): Readonly<Record<string, string>> {
  const named = object(where, value);
  return Object.fromEntries(
    Object.entries(named).map(([name, each]) => [name, text(`${where}.${name}`, each)]),
  );
}

function integer(where: string, value: unknown, most: number): number {
  const isFit = Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
  return isFit ? (value as number) : fail(where, `a whole number from 0 to ${most}`, value);
}

function fail(where: string, expected: string, got: unknown): never {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, 200);
  throw new ConfigError(
    `expected ${where} to be ${expected}, got ${shown}; the program takes one argument, ` +
      'a HostConfig (core/host-config.ts) as JSON',
  );
}
