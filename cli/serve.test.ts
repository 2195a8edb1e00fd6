import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const store = mkdtempSync(join(tmpdir(), 'dtest-serve-cli-'));
afterAll(() => {
  rmSync(store, { recursive: true, force: true });
});

function serve(...words: readonly string[]) {
  const command = [join(root, 'bin/dtest.js'), 'serve', '--store', store, ...words];
  return execa(process.execPath, command, { reject: false, timeout: 50_000 });
}

/** The address that it prints once it listens. */
async function addressOf(output: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += String(chunk);
    const [url] = /http:\/\/\S+/u.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`expected an address, got ${text}`);
}

describe('dtest serve', () => {
  it('says where it listens, answers, and ends with 0 at Ctrl-C, though a page follows a run', async () => {
    const running = await execa(
      process.execPath,
      [
        join(root, 'bin/dtest.js'),
        'run',
        '--world',
        'sim',
        '--nodes',
        '3',
        '--time',
        '2s',
        '--nemesis',
        'none',
        '--store',
        store,
        '--quiet',
        '--json',
      ],
      { reject: false, timeout: 50_000 },
    );
    const { path } = JSON.parse(running.stdout) as { readonly path: string };
    const id = path.slice(store.length + 1);
    const server = serve('--port', '0');
    const url = await addressOf(server.stdout);
    expect(await (await fetch(url)).text()).toContain(id);
    const live = await fetch(`${url}run/${id}/live`);
    expect(await live.text()).toContain('"state":"finished"');
    const report = await fetch(`${url}run/${id}/file/report.html`);
    expect(report.status).toBe(200);
    await report.body?.cancel();
    server.kill('SIGINT');
    expect((await server).exitCode).toBe(0);
  });

  it('refuses a store that is a file', async () => {
    const words = ['serve', '--port', '0', '--store', join(root, 'package.json')];
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(root, 'bin/dtest.js'), ...words],
      { reject: false, timeout: 50_000 },
    );
    expect([exitCode, stderr]).toEqual([254, expect.stringContaining('to be a folder, got')]);
  });

  it('refuses a port that is taken, and says how to get another', async () => {
    const first = serve('--port', '0');
    const { port } = new URL(await addressOf(first.stdout));
    const { exitCode, stderr } = await serve('--port', port);
    first.kill('SIGTERM');
    expect([exitCode, stderr]).toEqual([254, expect.stringContaining('--port 0 takes another')]);
    expect((await first).exitCode).toBe(0);
  });

  it.each(['0.0.0.0', '192.168.0.1', 'example.org', '::'])(
    'refuses --host %s without --allow-remote',
    async (host) => {
      const { exitCode, stderr } = await serve('--port', '0', '--host', host);
      expect(exitCode).toBe(254);
      expect(stderr).toContain('--allow-remote lets others in');
    },
  );
});
