import type { Node } from '../core/cluster.ts';
import type { HostConfig } from '../core/host-config.ts';
import type { Bug } from '../core/bug.ts';
import { walBugs } from '../host/wal/bugs/index.ts';
import { type StoreName, storeBugs, stores } from '../protocols/index.ts';
import { storeInvariants } from '../protocols/invariants.ts';
import {
  type Place,
  type SettingSpec,
  type Settings,
  type System,
  isInspectable,
} from '../core/system.ts';
import { type RespConnection, isDialable } from '../wire/resp-line.ts';
import { clientBugs } from './bugs/client-bugs.ts';
import { fetchStatus } from './http-status.ts';
import { administer } from './resp-administer.ts';
import { respClient } from './resp-client.ts';
import { openResp } from './resp-connection.ts';
import { respSharedClient } from './resp-shared-client.ts';
import { operationNames } from './resp-operations.ts';

export interface BundledOptions {
  /** Of the system and of the store in the host's index. */
  readonly name: StoreName;
  readonly summary: string;
  /** What the protocol lets its users choose, besides what all bundled stores do. */
  readonly settings?: readonly SettingSpec[];
}

/** A store that comes with dtest: its own host program on Node.js, spoken to in RESP. */
export function bundled({ name, summary, settings = [] }: BundledOptions): System {
  const bugs = [...storeBugs[name], ...walBugs, ...clientBugs];
  return {
    ...{ name, summary, bugs, protocolWith: stores[name], operations: operationNames },
    invariants: storeInvariants[name],
    outside: (fault, { reads }) =>
      fault === 'clock' && reads === 'lease' ? 'clocks go more wrong than leases allow for' : null,
    settings: [sessionsSetting, ...commonSettings, ...settings, bugSetting(bugs)],
    launch: {
      ports: [
        { name: 'client', port: 7000, reachedBy: 'clients' },
        { name: 'peer', port: 7001, reachedBy: 'peers' },
        { name: 'http', port: 7002, reachedBy: 'clients' },
      ],
      image: { kind: 'bundled' },
      command: (place, chosen) => command(name, place, chosen),
    },
    connect: (node, { timeoutMs, clock, settings: chosen, name: client }) => {
      const sessions = chosen[sessionsSetting.name] === 'on';
      return connector(chosen)({
        open: (withinMs) => open(node, withinMs, client),
        ...{ clock, timeoutMs, sessions },
      });
    },
    lean: (target, { settings: chosen, ...options }) =>
      chosen[sessionsSetting.name] === 'on' || isClientBug(chosen)
        ? null
        : respSharedClient(() => addressOf(target, 'client'), options),
    inspect: (node) =>
      isInspectable(node) ? node.inspect() : fetchStatus(addressOf(node, 'http')),
    administer: (node, request, { timeoutMs }) =>
      administer((withinMs) => open(node, withinMs), request, timeoutMs),
  };
}

/** A node that comes back may have another address. */
function open(node: Node, timeoutMs: number, name?: string): Promise<RespConnection> {
  if (isDialable(node)) return node.dial(timeoutMs, name);
  return openResp(addressOf(node, 'client'), timeoutMs);
}

/** The clients' own; nodes are not told. */
const sessionsSetting = onOrOff(
  'sessions',
  'off',
  'Whether clients number their writes and send them again when there is no answer; each applies once.',
);

const commonSettings: readonly SettingSpec[] = [
  {
    name: 'reads',
    summary:
      'How reads are answered: index asks a majority first, lease trusts clocks within a bound, local may be stale.',
    values: ['index', 'lease', 'local'],
    default: 'index',
    swarm: ['index', 'lease'],
  },
  onOrOff(
    'forward',
    'on',
    'Whether a node that does not lead passes requests on to the leader, or refuses them.',
  ),
  number(
    'requestTimeoutMs',
    2000,
    'Milliseconds after which a node answers a request with what is certain then.',
    [500, 2000, 10_000],
  ),
  {
    name: 'members',
    summary: 'Which nodes vote at first, with commas between, or all; the others wait to be added.',
    values: [],
    default: 'all',
  },
  number(
    'snapshotEntries',
    100_000,
    'Log entries after which a snapshot takes their place.',
    [10, 100, 1000],
  ),
  number('heartbeatMs', 50, 'Milliseconds from one heartbeat of a leader to the next.', [20, 50]),
  number(
    'electionMs',
    300,
    'Milliseconds without a leader after which a node may want to lead.',
    [150, 300, 600],
  ),
  number('maxBatch', 256, 'The most log entries in one message.', [1, 4]),
];

function isClientBug({ bug }: Settings): boolean {
  return clientBugs.some(({ name }) => name === bug);
}

/** The clients' own mistakes are planted where they connect, all others in the nodes. */
function connector({ bug }: Settings): typeof respClient {
  return clientBugs.find(({ name }) => name === bug)?.plant(respClient) ?? respClient;
}

function bugSetting(bugs: readonly Bug[]): SettingSpec {
  return {
    name: 'bug',
    summary: 'A known mistake to plant, for trying dtest itself; --bug does the same.',
    values: ['none', ...bugs.map(({ name }) => name)],
    default: 'none',
  };
}

/** A setting that may be any number the protocol accepts. */
export function number(
  name: string,
  standard: number,
  summary: string,
  swarm: readonly number[] = [],
): SettingSpec {
  return { name, summary, values: [], default: String(standard), swarm: swarm.map(String) };
}

/** A setting that is on or off. */
export function onOrOff(
  name: string,
  standard: 'on' | 'off',
  summary: string,
  swarm: readonly string[] = ['on', 'off'],
): SettingSpec {
  return { name, summary, values: ['on', 'off'], default: standard, swarm };
}

/** This module's own ending is that of the host program too: both are TypeScript, or both are built. */
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/**
 * A young generation of one size from the start: where it grows, what an operation leaves behind (a key, a value, an
 * entry of the log) is copied more often; where it is larger, each collection stops the node for longer.
 * Threads that help to collect cost a cluster on few cores more than they save: nodes share the
 * machine with each other, and often with the clients.
 */
const memoryFlags = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--single-threaded-gc',
];

function command(protocol: string, place: Place, settings: Settings): readonly string[] {
  const { [sessionsSetting.name]: _clientsOwn, ...own } = settings;
  const config: HostConfig = { protocol, place, settings: own, seed: 1 };
  const program = `${place.packageRoot}/host/main.${ending}`;
  return [place.nodeBinary, ...memoryFlags, program, JSON.stringify(config)];
}

function addressOf(node: Pick<Node, 'id' | 'addresses'>, port: string): Node['addresses'][string] {
  const address = node.addresses[port];
  if (address !== undefined) return address;
  const known = Object.keys(node.addresses).join(', ');
  throw new Error(`expected node ${node.id} to have a port named ${port}, it has ${known}`);
}
