import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { protocols } from '../protocols/index.ts';
import {
  type HostProcess,
  clusterConfigs,
  eventually,
  launch,
  serving,
} from './testing/host-process.ts';
import { ask, command, rawClient } from './testing/raw-client.ts';

let dataDir: string;
let hosts: HostProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'dtest-cluster-'));
});
afterEach(async () => {
  for (const host of hosts) await host[Symbol.asyncDispose]();
  hosts = [];
  rmSync(dataDir, { recursive: true });
});

const soonMs = 30_000;
const program = '../main.ts';

async function start(protocol: string): Promise<void> {
  // Small snapshots, so that logs are compacted while the test writes.
  const settings = { snapshotEntries: '200' };
  const configs = await clusterConfigs(3, { dataDir, config: { protocol, settings } });
  hosts = configs.map((config) => launch(config, { program }));
  await Promise.all(hosts.map(serving));
}

async function leaderAmong(candidates: readonly HostProcess[]): Promise<HostProcess> {
  let leader: HostProcess | undefined;
  await eventually('a leader', soonMs, async () => {
    for (const host of candidates) {
      if ((await host.status()).role === 'leader') leader = host;
    }
    return leader !== undefined;
  });
  return leader!;
}

/** Asks until the answer is right: an election may be under way. */
async function confirm(host: HostProcess, bytes: string, expected: string): Promise<void> {
  await eventually(`${host.config.place.id} to answer ${expected}`, soonMs, async () => {
    const reply = await ask(host.clientPort, bytes, '-').catch(() => '');
    return reply === expected;
  });
}

describe.each(Object.keys(protocols))('three nodes of %s', (protocol) => {
  it('serve clients at every node', { timeout: 90_000 }, async () => {
    await start(protocol);
    await leaderAmong(hosts);
    for (const [at, host] of hosts.entries()) {
      await confirm(host, command('SET', 'key', String(at)), '+OK\r\n');
      for (const other of hosts) await confirm(other, command('GET', 'key'), `$1\r\n${at}\r\n`);
    }
  });

  it(
    'keep what they acknowledged when the leader is killed under load, and again when all are',
    {
      timeout: 120_000,
    },
    async () => {
      await start(protocol);
      const leader = await leaderAmong(hosts);
      await confirm(leader, command('SET', 'first', '1'), '+OK\r\n');
      const writers = await Promise.all(
        Array.from({ length: 4 }, async (_, writer) => {
          const client = await rawClient(leader.clientPort);
          for (let at = 0; at < 500; at++) client.send(command('SET', `${writer}/${at}`, 'x'));
          return client;
        }),
      );
      await writers[0]?.receive('+OK\r\n'.length * 100);
      leader.signal('SIGKILL');
      await leader.ended();
      await Promise.all(writers.map((client) => client.closed()));
      const acked = writers.flatMap((client, writer) => {
        const replies = client.received().split('\r\n');
        return replies.flatMap((reply, at) => (reply === '+OK' ? [`${writer}/${at}`] : []));
      });
      expect(acked.length).toBeGreaterThanOrEqual(100);
      const reads = acked.map((key) => command('GET', key)).join('');
      const values = '$1\r\nx\r\n'.repeat(acked.length);
      const others = hosts.filter((host) => host !== leader);
      const next = await leaderAmong(others);
      await confirm(next, command('GET', 'first'), '$1\r\n1\r\n');
      expect(await ask(next.clientPort, reads, values)).toBe(values);

      for (const host of others) host.signal('SIGKILL');
      await Promise.all(others.map((host) => host.ended()));
      hosts = hosts.map(({ config }) => launch(config, { program }));
      await Promise.all(hosts.map(serving));
      const last = await leaderAmong(hosts);
      await confirm(last, command('GET', 'first'), '$1\r\n1\r\n');
      expect(await ask(last.clientPort, reads, values)).toBe(values);
    },
  );
});
