import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { HostConfig } from '../../core/host-config.ts';
import { nodeIds } from '../../core/node-id.ts';
import type { NodeStatus } from '../../core/system.ts';

/** A host program that runs as a child process, for tests. */
export interface HostProcess extends AsyncDisposable {
  readonly config: HostConfig;
  readonly pid: number;
  readonly clientPort: number;
  readonly httpPort: number;
  readonly peerPort: number;
  /** Standard output and standard error so far. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal's name, once the process is gone. */
  ended(): Promise<number | string>;
  status(): Promise<NodeStatus>;
  /** From /proc. */
  rssBytes(): number;
  openFiles(): number;
}

export interface HostProcessOptions {
  readonly dataDir: string;
  readonly program?: 'single-main.ts' | '../main.ts';
  readonly config?: Partial<HostConfig>;
}

/** Words before the program's own: `unshare …`, to run it in other surroundings. */
export interface LaunchOptions extends Pick<HostProcessOptions, 'program'> {
  readonly prefix?: readonly string[];
}

/** Starts a node alone in its cluster and waits until it serves. */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const [config] = await clusterConfigs(1, options);
  if (config === undefined) throw new Error('expected one config');
  const host = launch(config, options);
  await serving(host);
  return host;
}

/** Configs of a cluster on free ports, data in folders by node. */
export async function clusterConfigs(
  count: number,
  { dataDir, config }: HostProcessOptions,
): Promise<readonly HostConfig[]> {
  const nodes = nodeIds(count);
  const ports = await freePorts(3 * count);
  const at = (node: number, port: number): { host: string; port: number } => ({
    host: '127.0.0.1',
    port: ports[3 * node + port] ?? 0,
  });
  return nodes.map((id, node) => ({
    protocol: 'single',
    settings: {},
    seed: 1,
    ...config,
    place: {
      ...{ cluster: 'test', id, nodes, host: '127.0.0.1' },
      listen: { client: at(node, 0), peer: at(node, 1), http: at(node, 2) },
      peers: Object.fromEntries(nodes.map((name, other) => [name, { peer: at(other, 1) }])),
      dataDir: join(dataDir, id),
      packageRoot: join(import.meta.dirname, '../..'),
      nodeBinary: process.execPath,
    },
  }));
}

/** A test that fails half-way may forget a node; none outlives the tests. */
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export function launch(
  config: HostConfig,
  { program = 'single-main.ts', prefix = [] }: LaunchOptions = {},
): HostProcess {
  const path = join(import.meta.dirname, program);
  const [file, ...args] = [...prefix, process.execPath, path, JSON.stringify(config)];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-1_000_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = endOf(child);
  const { client, http, peer } = config.place.listen;
  const proc = `/proc/${String(child.pid)}`;
  const httpPort = http?.port ?? 0;
  return {
    ...{ config, pid: child.pid ?? 0, httpPort },
    ...{ clientPort: client?.port ?? 0, peerPort: peer?.port ?? 0 },
    output: () => output,
    signal: (signal) => void child.kill(signal),
    ended: () => ended,
    async status() {
      const response = await fetch(`http://127.0.0.1:${httpPort}/status`);
      return (await response.json()) as NodeStatus;
    },
    rssBytes() {
      const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`${proc}/status`, 'utf8'));
      return Number(line?.[1]) * 1024;
    },
    openFiles: () => readdirSync(`${proc}/fd`).length,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return code ?? signal ?? 'unknown';
}

const servingTimeoutMs = 15_000;

/** Waits until the node says that it is well. */
export async function serving(host: HostProcess): Promise<void> {
  await eventually('the node to serve', servingTimeoutMs, async () => {
    const over = await Promise.race([host.ended(), Promise.resolve(null)]);
    if (over !== null) throw new Error(`expected the node to serve, it ended: ${host.output()}`);
    const response = await fetch(`http://127.0.0.1:${host.httpPort}/healthz`).catch(() => null);
    return response?.status === 200;
  });
}

/** Asks again and again until the answer is yes; rejects, saying what it awaited, at the deadline. */
export async function eventually(
  awaited: string,
  timeoutMs: number,
  ask: () => Promise<boolean> | boolean,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await ask())) {
    if (performance.now() > deadlineMs) {
      throw new Error(`expected ${awaited} within ${timeoutMs} ms, but it did not come about`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
