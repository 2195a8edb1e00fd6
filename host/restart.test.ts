import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostProcess, launch, serving, startHostProcess } from './testing/host-process.ts';
import { ask, command, rawClient } from './testing/raw-client.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'dtest-restart-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true });
});

const clients = 8;
const writesEach = 400;

/** Writes over several connections until the node is killed in the middle; returns what was acked. */
async function writeUntilKilled(host: HostProcess, round: number): Promise<readonly string[]> {
  const writers = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const raw = await rawClient(host.clientPort);
      for (let at = 0; at < writesEach; at++) {
        raw.send(command('SET', keyOf(round, client, at), `value of ${round}`));
      }
      return { raw, client };
    }),
  );
  // A few acknowledgements are there, many writes are under way: now.
  await writers[0]?.raw.receive(100);
  host.signal('SIGKILL');
  await host.ended();
  await Promise.all(writers.map(({ raw }) => raw.closed()));
  return writers.flatMap(({ raw, client }) => {
    const acked = Math.floor(raw.received().length / '+OK\r\n'.length);
    return Array.from({ length: acked }, (_, at) => keyOf(round, client, at));
  });
}

function keyOf(round: number, client: number, at: number): string {
  return `${round}/${client}/${at}`;
}

describe('a node that is killed under load', () => {
  it.each([
    ['with a log alone', {}],
    ['with compactions', { compactEvery: '150' }],
  ])(
    'has every acknowledged write when it is back, %s',
    { timeout: 60_000 },
    async (_, settings) => {
      let host = await startHostProcess({ dataDir, config: { settings } });
      const acked: string[] = [];
      for (let round = 0; round < 4; round++) {
        acked.push(...(await writeUntilKilled(host, round)));
        host = launch(host.config);
        await serving(host);
      }
      await using alive = host;
      expect(acked.length).toBeGreaterThan(50);
      const asked = acked.map((key) => command('GET', key)).join('');
      const replies = acked.map((key) => `$10\r\nvalue of ${key.charAt(0)}\r\n`).join('');
      expect(await ask(alive.clientPort, asked, replies)).toBe(replies);
    },
  );
});
