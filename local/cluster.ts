import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import type { WorldOptions } from '../core/system.ts';
import { atExit } from './at-exit.ts';
import { directNetwork, proxiedNetwork } from './network.ts';
import { type LocalNode, localNode } from './node.ts';
import { type PortsByNode, dataDirOf, dealPorts, only, placeOf, routesBetween } from './places.ts';
import { reservePorts } from './ports.ts';
import { refuseImpossible } from './program.ts';
import { startProxies } from './proxies.ts';
import type { Route } from './proxy/messages.ts';
import { type RunFile, type RunRecord, createRunFile } from './run-file.ts';
import { createMarkedFolder, markedEnvironment, removeMarkedFolder } from './run-mark.ts';

/**
 * Starts every node of a cluster as a process of this machine. Whatever fails on the way, nothing is
 * left behind. A cluster that is to be kept stays up when it is disposed: only `clean` ends it.
 */
export async function startCluster(options: WorldOptions, stateDir: string): Promise<Cluster> {
  const { nodes: ids, system, keep, workDir } = options;
  expectSafeNames([options.runId, ...ids]);
  await refuseImpossible(options);
  const mark = randomUUID();
  await using undo = new AsyncDisposableStack();

  const ports = undo.use(await reservePorts(ids.length * system.launch.ports.length));
  const listens = dealPorts(ids, system.launch.ports, ports.ports);
  const record = firstRecord(options, mark);
  const runFile = undo.use(await createRunFile(stateDir, record));
  undo.defer(() => together(record.folders.map((folder) => removeMarkedFolder(folder, mark))));
  for (const folder of record.folders) await createMarkedFolder(folder, mark);
  for (const id of ids) await mkdir(dataDirOf(join(workDir, id)));

  const proxies = options.linkFaults
    ? undo.use(await startProxies({ mark, keep, folder: join(workDir, proxiesFolder) }))
    : undefined;
  if (proxies !== undefined) {
    options.onProgress?.('opening a proxy for every link');
    await runFile.add('proxies', proxies.process);
  }
  const dial = (await proxies?.open(routesBetween(ids, system.launch.ports, listens))) ?? [];

  const nodes = ids.map((id) => createNode(id, { options, mark, listens, dial, runFile }));
  undo.defer(() => together(nodes.map((node) => node.kill())));
  undo.defer(
    atExit(() => {
      if (!keep) for (const node of nodes) node.killAtExit();
    }),
  );
  options.onProgress?.(`starting ${ids.join(', ')}`);
  await together(nodes.map((node) => node.start()));

  const rest = undo.move();
  return {
    world: 'local',
    nodes,
    network: proxies === undefined ? directNetwork() : proxiedNetwork(ids, proxies),
    facts: { links: proxies === undefined ? 'direct' : 'proxy', platform: process.platform },
    [Symbol.asyncDispose]: async () => {
      if (!keep) return rest.disposeAsync();
      proxies?.abandon();
      await ports[Symbol.asyncDispose]();
    },
  };
}

interface NodeContext {
  readonly options: WorldOptions;
  readonly mark: string;
  readonly listens: PortsByNode;
  readonly dial: readonly Route[];
  readonly runFile: RunFile;
}

function createNode(id: NodeId, context: NodeContext): LocalNode {
  const { options, mark, listens, dial, runFile } = context;
  const { launch } = options.system;
  const folder = join(options.workDir, id);
  const place = placeOf({
    ...{ cluster: options.runId, id, nodes: options.nodes },
    ...{ listens, dial, folder },
  });
  const forClients = launch.ports.filter(({ reachedBy }) => reachedBy === 'clients');
  return localNode({
    id,
    folder,
    command: launch.command(place, options.settings),
    environment: markedEnvironment(mark),
    addresses: place.listen,
    awaited: Object.values(only(place.listen, forClients)),
    onSpawn: (process) => runFile.add(id, process),
  });
}

/** No node can be called so. */
const proxiesFolder = '.proxies';

function firstRecord(options: WorldOptions, mark: string): RunRecord {
  const { runId, owner, keep, workDir, nodes, linkFaults } = options;
  const folders = [...nodes, ...(linkFaults ? [proxiesFolder] : [])];
  return {
    runId,
    owner,
    keep,
    mark,
    workDir,
    folders: folders.map((name) => join(workDir, name)),
    processes: {},
  };
}

/** Lets all of them come to an end, then rejects if one did: nothing goes on behind an error. */
async function together(all: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(all);
  const reasons = settled.filter((each) => each.status === 'rejected').map(reasonOf);
  const [first, second] = reasons;
  if (second !== undefined) {
    throw new AggregateError(reasons, reasons.map((each) => each.message).join('\n'));
  }
  if (first !== undefined) throw first;
}

function reasonOf({ reason }: PromiseRejectedResult): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** They become names of files. */
function expectSafeNames(names: readonly string[]): void {
  for (const name of names) {
    if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name)) continue;
    throw new Error(
      `expected names of runs and nodes to be letters, digits, dots, dashes and underscores, got ` +
        JSON.stringify(name),
    );
  }
  if (new Set(names.slice(1)).size !== names.length - 1) {
    throw new Error(`expected nodes with different names, got ${names.slice(1).join(', ')}`);
  }
}
