import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Node } from '../../core/cluster.ts';
import type { Op, Outcome } from '../../core/event.ts';
import { nodeIds } from '../../core/node-id.ts';
import type {
  Client,
  NodeStatus,
  Settings,
  System,
  World,
  WorldOptions,
} from '../../core/system.ts';
import { clock } from './clock.ts';

/** Three real processes of a bundled system, and clients for them. */
export interface LocalCluster extends AsyncDisposable {
  readonly nodes: readonly Node[];
  readonly network: Cluster['network'];
  /** One operation by a client of its own. */
  once(node: Node, op: Op): Promise<Outcome>;
  client(node: Node): Promise<Client>;
  /** The one that says it leads, in the highest term; waits until there is one among these. */
  leader(among?: readonly Node[]): Promise<Node>;
  status(node: Node): Promise<NodeStatus | null>;
}

/** How long an operation may take, and how long anything else here is waited for. */
const operationMs = 5000;
const deadlineMs = 30_000;

export function localCluster(
  world: (stateDir: string) => World,
  system: System,
  settings: Settings = {},
): Promise<LocalCluster> {
  return clusterOf(world, { system, nodes: nodeIds(3), settings, linkFaults: true });
}

/** So many processes of a program of others, with links between them as they are. */
export function foreignCluster(
  world: (stateDir: string) => World,
  system: System,
  nodes: number,
): Promise<LocalCluster> {
  const settings = Object.fromEntries(system.settings.map((each) => [each.name, each.default]));
  return clusterOf(world, { system, nodes: nodeIds(nodes), settings, linkFaults: false });
}

async function clusterOf(
  world: (stateDir: string) => World,
  options: Pick<WorldOptions, 'system' | 'nodes' | 'settings' | 'linkFaults'>,
): Promise<LocalCluster> {
  const { system, settings } = options;
  await using undo = new AsyncDisposableStack();
  const root = await mkdtemp(join(tmpdir(), 'dtest-bundled-'));
  undo.defer(() => rm(root, { recursive: true, force: true }));
  const workDir = join(root, 'work');
  await mkdir(workDir);
  const cluster = undo.use(
    await world(join(root, 'state')).start({
      ...options,
      ...{ runId: 'bundled', owner: 'test', keep: false, workDir },
    }),
  );
  const status = (node: Node): Promise<NodeStatus | null> => system.inspect(node).catch(() => null);
  const client = (node: Node): Promise<Client> =>
    system.connect(node, { timeoutMs: operationMs, settings, clock });
  const parts = undo.move();
  return {
    nodes: cluster.nodes,
    network: cluster.network,
    ...{ client, status },
    async once(node, op) {
      await using own = await client(node);
      return await own.invoke(op);
    },
    leader: (among = cluster.nodes) => eventually('a leader', () => leaderOf(among, status)),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function leaderOf(
  nodes: readonly Node[],
  statusOf: (node: Node) => Promise<NodeStatus | null>,
): Promise<Node | undefined> {
  let best: { readonly node: Node; readonly term: number } | undefined;
  for (const node of nodes) {
    const status = await statusOf(node);
    if (status?.role === 'leader' && status.term > (best?.term ?? -1)) {
      best = { node, term: status.term };
    }
  }
  return best?.node;
}

/** Looks until there is something; throws, naming what was awaited, at the deadline. */
export async function eventually<Found>(
  awaited: string,
  look: () => Promise<Found | undefined>,
): Promise<Found> {
  const untilMs = performance.now() + deadlineMs;
  while (performance.now() < untilMs) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`expected ${awaited} within ${deadlineMs} ms`);
}
