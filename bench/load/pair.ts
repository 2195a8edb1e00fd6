import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { measuredIn } from '../../load/figures/measured.ts';
import { type LoadGenerator, loadGenerator } from '../../load/generator.ts';
import type { LoadJob } from '../../load/job.ts';

const keys = 1000;
const valueBytes = 16;
const settleMs = 200;

/** A Redis server in memory, and two that put load on it. */
export interface Pair extends AsyncDisposable {
  /** Operations a second, half SET and half GET. */
  redisBenchmark(clients: number, seconds: number): Promise<number>;
  /** Operations a second, half writes and half reads, and the CPU time of one in microseconds. */
  dtest(clients: number, seconds: number): Promise<{ throughput: number; cpuUs: number }>;
}

/** Needs Debian's redis-server, or another with redis-benchmark beside it, on the path. */
export async function startPair(folder: string): Promise<Pair> {
  const port = await freePort();
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = execa('redis-server', words, { stdout: 'ignore' });
  server.catch(() => undefined);
  const generator = loadGenerator(1);
  let rounds = 0;
  // Requests that take about a second, as the last round told.
  let perSecond = 20_000;
  await new Promise((resolve) => setTimeout(resolve, settleMs));

  return {
    async redisBenchmark(clients, seconds) {
      const requests = Math.max(1000, Math.round((perSecond * seconds) / 2));
      const { stdout } = await execa(
        'redis-benchmark',
        [
          ...['-p', `${port}`, '-c', `${clients}`, '-n', `${requests}`, '-t', 'set,get'],
          ...['-d', `${valueBytes}`, '-r', `${keys}`, '--csv'],
        ],
        { timeout: 120_000 },
      );
      const rates = [...stdout.matchAll(/^"(?:SET|GET)","([\d.]+)"/gm)].map(([, rate]) =>
        Number(rate),
      );
      if (rates.length !== 2) throw new Error(`expected rates of SET and GET, got:\n${stdout}`);
      // As many of each: the mean rate is over the time that both took.
      perSecond = 2 / rates.reduce((sum, rate) => sum + 1 / rate, 0);
      return perSecond;
    },
    async dtest(clients, seconds) {
      const journalFolder = join(folder, `round-${rounds++}`);
      await mkdir(journalFolder);
      const load = { kind: 'closed', clients } as const;
      return measure(generator, { ...jobFor(port), load, seed: rounds, journalFolder }, seconds);
    },
    async [Symbol.asyncDispose]() {
      await generator[Symbol.asyncDispose]();
      server.kill('SIGKILL');
      await server.catch(() => undefined);
    },
  };
}

function jobFor(port: number): Omit<LoadJob, 'load' | 'seed' | 'journalFolder'> {
  return {
    ...{ system: 'redis', settings: {}, timeoutMs: 5000, valueBytes },
    nodes: [{ id: 'n1', addresses: { client: { host: '127.0.0.1', port } } }],
    mix: { name: 'r0.5', shares: { read: 0.5, write: 0.5 } },
    keys: { distribution: 'uniform', count: keys },
  };
}

async function measure(
  generator: LoadGenerator,
  job: LoadJob,
  seconds: number,
): Promise<{ readonly throughput: number; readonly cpuUs: number }> {
  const epochNs = process.hrtime.bigint();
  await generator.prepare(job, epochNs);
  const fromNs = Number(process.hrtime.bigint() - epochNs) + 2e7;
  const untilNs = fromNs + seconds * 1e9;
  const { columns, threads } = await generator.go(fromNs, untilNs);
  const { counts } = measuredIn(columns, fromNs, untilNs);
  const cpuMs = threads.reduce((sum, { health }) => sum + health.cpuMs, 0);
  return { throughput: counts.ok / seconds, cpuUs: (cpuMs * 1000) / counts.ok };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}
