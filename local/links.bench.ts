import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Address, healthyLinks } from '../core/cluster.ts';
import { nodeIds } from '../core/node-id.ts';
import { linksBetween, linksThatSpeak, openStage, split } from './fixtures/heartbeats.ts';
import { startProxies } from './proxies.ts';

/**
 * What the local world costs: `node local/links.bench.ts [ROUNDS]` prints how long the steps of a
 * cluster of five take, and what a proxy does to connections. Rounds with and without a proxy take
 * turns, so that a busy machine harms both alike; each line gives the middle one, and the extremes.
 */
const rounds = Number(process.argv[2] ?? 5);
const ids = nodeIds(5);

const samples = new Map<string, number[]>();

function note(what: string, sample: number): void {
  samples.set(what, [...(samples.get(what) ?? []), sample]);
}

async function timed<T>(what: string, action: () => PromiseLike<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await action();
  note(`${what}, ms`, performance.now() - startedMs);
  return result;
}

async function measureCluster(linkFaults: boolean): Promise<void> {
  const kind = linkFaults ? 'proxied' : 'direct';
  await using stage = await openStage();
  const cluster = await timed(`${kind}: start of five`, () => stage.start({ linkFaults }));
  await timed(`${kind}: all links spoken over, from then`, () =>
    linksThatSpeak(cluster.nodes, linksBetween(ids, ids)),
  );
  if (linkFaults) {
    const cut = split(['n1', 'n2', 'n3'], ['n4', 'n5']);
    await timed('partition applied and verified', () => cluster.network.apply({ cut }));
    await timed('heal applied and verified', () => cluster.network.apply(healthyLinks));
  }
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error('expected five nodes');
  await timed('kill of one', () => node.kill());
  await timed('start of one', () => node.start());
  await timed(`${kind}: dispose of five`, () => cluster[Symbol.asyncDispose]());
}

/** Messages a second over so many connections, each with one message under way. */
async function roundTrips(address: Address, connections: number): Promise<number> {
  const windowMs = 1000;
  const message = Buffer.alloc(128, 'x');
  const sockets = await Promise.all(Array.from({ length: connections }, () => dial(address)));
  let count = 0;
  for (const socket of sockets) {
    let missingBytes = message.length;
    socket.on('data', (bytes: Buffer) => {
      missingBytes -= bytes.length;
      if (missingBytes > 0) return;
      missingBytes = message.length;
      count += 1;
      socket.write(message);
    });
    socket.write(message);
  }
  const startedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, windowMs));
  const seconds = (performance.now() - startedMs) / 1000;
  for (const socket of sockets) socket.destroy();
  return count / seconds;
}

/** Megabytes a second there and back over one connection. */
async function bulk(address: Address): Promise<number> {
  const totalBytes = 128 * 1024 * 1024;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const socket = await dial(address);
  let arrivedBytes = 0;
  const done = new Promise<void>((resolve) => {
    socket.on('data', (bytes: Buffer) => {
      arrivedBytes += bytes.length;
      if (arrivedBytes === totalBytes) resolve();
    });
  });
  const startedMs = performance.now();
  for (let sentBytes = 0; sentBytes < totalBytes; sentBytes += chunk.length) {
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  await done;
  socket.destroy();
  return totalBytes / 1e6 / ((performance.now() - startedMs) / 1000);
}

async function dial(address: Address): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

async function measureLinks(): Promise<void> {
  const program = join(import.meta.dirname, 'fixtures', 'echo-server.ts');
  const server = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const direct: Address = { host: '127.0.0.1', port: Number(port) };
  const folder = await mkdtemp(join(tmpdir(), 'dtest-bench-'));
  await using proxies = await startProxies({ mark: 'bench', keep: false, folder });
  const [route] = await proxies.open([
    { link: { from: 'a', to: 'b' }, ports: { peer: direct } },
    { link: { from: 'b', to: 'a' }, ports: {} },
  ]);
  const proxied = route?.ports.peer;
  if (proxied === undefined) throw new Error('expected a proxy');
  for (let round = 0; round < rounds; round++) {
    for (const [kind, address] of Object.entries({ direct, proxied })) {
      for (const connections of [1, 16]) {
        const rate = await roundTrips(address, connections);
        note(`${kind}: round trips, ${connections} connections, 1/s`, rate);
      }
      note(`${kind}: bulk, MB/s`, await bulk(address));
    }
  }
  server.stdin.end();
  await rm(folder, { recursive: true, force: true });
}

for (let round = 0; round < rounds; round++) {
  await measureCluster(true);
  await measureCluster(false);
}
await measureLinks();
for (const [what, all] of samples) {
  const sorted = all.toSorted((a, b) => a - b);
  const [low, middle, high] = [0, sorted.length >> 1, sorted.length - 1].map((at) =>
    (sorted[at] ?? NaN).toFixed(0),
  );
  process.stdout.write(`${what.padEnd(48)} ${middle ?? ''} (${low ?? ''} to ${high ?? ''})\n`);
}
