import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clusterConfigs,
  eventually,
  launch,
  serving,
  startHostProcess,
} from './testing/host-process.ts';
import { ask, command, rawClient } from './testing/raw-client.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'dtest-host-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true });
});

const hasRedisTools = spawnSync('redis-benchmark', ['--version']).status === 0;
const run = promisify(execFile);

describe.skipIf(!hasRedisTools)('redis-tools (skipped where they are not installed)', () => {
  it('redis-cli reads, writes and looks around', { timeout: 60_000 }, async () => {
    await using host = await startHostProcess({ dataDir });
    const cli = async (...words: readonly string[]): Promise<string> => {
      const { stdout } = await run('redis-cli', ['-p', String(host.clientPort), ...words]);
      return stdout.replace(/\n$/, '');
    };
    expect(await cli('set', 'a', '1')).toBe('OK');
    expect(await cli('get', 'a')).toBe('1');
    expect(await cli('cas', 'a', '1', '2')).toBe('OK');
    expect(await cli('cas', 'a', '1', '3')).toMatch(/^CASFAIL /);
    expect(await cli('incr', 'a')).toBe('3');
    expect(await cli('append', 'a', 'x')).toBe('2');
    expect(await cli('del', 'a')).toBe('1');
    expect(await cli('get', 'a')).toBe('');
    expect(await cli('info')).toMatch(/role:leader\r?\n/);
    expect(await cli('ping')).toBe('PONG');
  });

  it.each([1, 16])(
    'redis-benchmark ends, %i commands a round',
    { timeout: 120_000 },
    async (depth) => {
      await using host = await startHostProcess({ dataDir });
      const { stdout } = await run('redis-benchmark', [
        ...['-p', String(host.clientPort), '-t', 'set,get', '-n', '10000', '-q'],
        ...['-c', '50', '-P', String(depth)],
      ]);
      expect(stdout).toMatch(/SET: [\d.]+ requests per second/);
      expect(stdout).toMatch(/GET: [\d.]+ requests per second/);
      const { counters } = await host.status();
      expect(counters.walMaxBatchPersists).toBeGreaterThan(1);
      expect(counters.walBatches).toBeLessThan(counters.walPersists ?? 0);
    },
  );
});

describe('the HTTP port', () => {
  it('shows health, status and metrics, and nothing else', async () => {
    await using host = await startHostProcess({ dataDir });
    const get = (path: string, init?: RequestInit): Promise<Response> =>
      fetch(`http://127.0.0.1:${host.httpPort}${path}`, init);
    expect(await (await get('/healthz')).text()).toBe('ok\n');
    expect(await host.status()).toMatchObject({
      ...{ id: 'n1', role: 'leader', term: 1, leader: 'n1', commitIndex: 0, appliedIndex: 0 },
      counters: { walSyncs: 1, peersConnected: 0, writes: 0 },
    });
    const metrics = await get('/metrics?x=1');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await metrics.text()).trimEnd().split('\n');
    const wrong = lines.filter(
      (line) => !/^(# (HELP|TYPE) )?[a-z_]+[a-z0-9_]*(\{[^{}]*\})? \S/.test(line),
    );
    expect(wrong).toEqual([]);
    expect(lines).toContain('# TYPE dtest_wal_syncs_total counter');
    expect(lines).toContain('# TYPE dtest_peers_connected gauge');
    expect((await get('/../etc/passwd')).status).toBe(404);
    expect((await get('/__proto__')).status).toBe(404);
    expect((await get('/status', { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await get('/status', { method: 'HEAD' })).headers.get('content-length')).not.toBe('0');
  });
});

describe('the program', () => {
  it('stops in order on SIGTERM, with replies that are due sent and the log whole', async () => {
    const host = await startHostProcess({ dataDir });
    using client = await rawClient(host.clientPort);
    for (let at = 0; at < 500; at++) client.send(command('APPEND', 'log', 'x'));
    await client.receive(1);
    host.signal('SIGTERM');
    expect(await host.ended()).toBe(0);
    expect(host.output()).toMatch(/"message":"stopped"/);
    const acknowledged = client
      .received()
      .split('\r\n')
      .filter((line) => line.startsWith(':'));
    const again = launch(host.config);
    await serving(again);
    const stored = await ask(again.clientPort, command('APPEND', 'log', ''), ':1\r\n');
    expect(Number(stored.slice(1))).toBeGreaterThanOrEqual(acknowledged.length);
    again.signal('SIGKILL');
    await again.ended();
  });

  it('logs one line of JSON each, changes of role among them', async () => {
    await using host = await startHostProcess({ dataDir });
    const lines = host.output().trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.every(({ time, level, message }) => time && level && message)).toBe(true);
    expect(entries).toContainEqual(
      expect.objectContaining({ message: 'role is now leader', role: 'leader', term: 1 }),
    );
  });

  it('ends with 2 and the reason when its argument is wrong', () => {
    const program = join(import.meta.dirname, 'testing/single-main.ts');
    for (const [argument, reason] of [
      ['{"protocol":"single"}', /^expected place to be an object, got nothing/],
      ['nonsense', /^expected the argument to be JSON/],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [program, argument]);
      expect(status).toBe(2);
      expect(stderr.toString()).toMatch(reason);
    }
  });

  it('ends with 2 when it does not know the protocol', async () => {
    const [config] = await clusterConfigs(1, { dataDir, config: { protocol: 'toString' } });
    const host = launch(config!);
    expect(await host.ended()).toBe(2);
    expect(host.output()).toMatch(/expected protocol to be one of single, got toString/);
  });

  it('ends with 1 when a port is taken, before it has touched a file', async () => {
    await using host = await startHostProcess({ dataDir });
    const other = launch({
      ...host.config,
      place: { ...host.config.place, dataDir: join(dataDir, 'other') },
    });
    expect(await other.ended()).toBe(1);
    expect(other.output()).toMatch(/EADDRINUSE/);
    expect(readdirSync(dataDir)).toEqual(['n1']);
  });

  it('ends with 3, naming file and offset, when its log is damaged', async () => {
    const host = await startHostProcess({ dataDir });
    for (let at = 0; at < 3; at++) await ask(host.clientPort, `SET k ${at}\r\n`, '+OK\r\n');
    host.signal('SIGKILL');
    await host.ended();
    const path = join(dataDir, 'n1/wal/segment-000000000001.log');
    const bytes = readFileSync(path);
    bytes[70] = bytes[70]! ^ 1;
    writeFileSync(path, bytes);
    const again = launch(host.config);
    expect(await again.ended()).toBe(3);
    expect(again.output()).toMatch(
      /^the log is damaged in segment-000000000001.log at offset \d+: expected .*, got .*/m,
    );
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('ends with 70, its state printed, when the protocol throws', async () => {
    const config = { settings: { throwOn: 'boom' } };
    const host = await startHostProcess({ dataDir, config });
    await ask(host.clientPort, 'SET fine 1\r\n', '+OK\r\n');
    using client = await rawClient(host.clientPort);
    client.send('SET boom 1\r\n');
    expect(await host.ended()).toBe(70);
    expect(client.received()).toBe('');
    expect(host.output()).toMatch(/a bug with the key boom[^]*input: [^]*boom[^]*state: [^]*fine/);
  });

  const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
  it.skipIf(!canMount)(
    'ends with 4 on a full disk, with no write acknowledged that is lost',
    async () => {
      const [config] = await clusterConfigs(1, { dataDir });
      mkdirSync(config!.place.dataDir);
      const mount = 'mount -t tmpfs -o size=256k tmpfs "$0" && exec "$@"';
      const prefix = ['unshare', '-rm', 'sh', '-c', mount, config!.place.dataDir];
      const host = launch(config!, { prefix });
      await serving(host);
      using client = await rawClient(host.clientPort);
      for (let at = 0; at < 100; at++) client.send(command('SET', `key ${at}`, 'x'.repeat(10_000)));
      expect(await host.ended()).toBe(4);
      expect(host.output()).toMatch(/ENOSPC.*free some space, then start it again/);
      expect(client.received().length / '+OK\r\n'.length).toBeLessThan(27);
    },
  );
});

describe('two nodes', () => {
  it(
    'send each other what the protocol wants sent, over restarts',
    { timeout: 60_000 },
    async () => {
      const configs = await clusterConfigs(2, { dataDir, config: { settings: { gossip: 'on' } } });
      await using one = launch(configs[0]!);
      const two = launch(configs[1]!);
      const heardBy = async (host: typeof one): Promise<number> =>
        (await host.status()).counters.heard ?? 0;
      await Promise.all([serving(one), serving(two)]);
      const connected = async (): Promise<boolean> =>
        (await one.status()).counters.peersConnected === 1;
      await eventually('the nodes to connect', 15_000, connected);
      await ask(one.clientPort, 'SET a 1\r\n', '+OK\r\n');
      await eventually('the message', 15_000, async () => (await heardBy(two)) === 1);
      two.signal('SIGKILL');
      await two.ended();
      await using again = launch(configs[1]!);
      await serving(again);
      await eventually('the nodes to connect again', 15_000, connected);
      await ask(one.clientPort, 'SET a 2\r\n', '+OK\r\n');
      await eventually('the message', 15_000, async () => (await heardBy(again)) === 1);
    },
  );
});
