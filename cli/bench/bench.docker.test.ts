import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, it } from 'vitest';
import type { Bench } from '../../core/bench.ts';
import { packageRoot } from '../package-root.ts';

const patienceMs = 240_000;
let folder = '';

afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(words: readonly string[]) {
  folder = await mkdtemp(join(tmpdir(), 'dtest-bench-'));
  const script = join(packageRoot, 'bin/dtest.js');
  const all = [script, 'bench', ...words, '--world', 'docker', '--seed', '1'];
  const options = { cwd: folder, reject: false, timeout: patienceMs } as const;
  return { process: execa(process.execPath, all, options) };
}

async function savedBench(): Promise<Bench> {
  const text = await readFile(join(folder, 'store/latest/bench.json'), 'utf8');
  return JSON.parse(text) as Bench;
}

/** Containers of dtest processes that run in this test's folder. */
async function containersOf(pid: number | undefined): Promise<readonly string[]> {
  const format = '{{.Names}} {{.Labels}}';
  const { stdout } = await execa('docker', ['ps', '--all', '--format', format]);
  return stdout.split('\n').filter((line) => line.includes(`:${pid ?? 0}:`));
}

it(
  'what a fault costs is measured in containers, and none of them is left',
  { timeout: patienceMs },
  async () => {
    const words = ['raft', '--nemesis', 'partition:isolate-leader', '--concurrency', '8'];
    const { process } = await start([...words, '--time', '6s', '--rounds', '1', '--keys', '50']);
    const { stdout, exitCode } = await process;
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
    const [round] = (await savedBench()).rounds;
    expect(round?.verdict.valid).toBe('valid');
    expect(round?.costs?.fsyncs).toBeGreaterThan(0);
    const [fault] = round?.faults ?? [];
    expect(fault).toMatchObject({ kind: 'partition:isolate-leader' });
    // An election has to time out first.
    expect(fault?.withoutServiceMs).toBeGreaterThan(100);
    expect(await containersOf(process.pid)).toEqual([]);
  },
);

it('Ctrl-C removes all containers', { timeout: patienceMs }, async () => {
  const words = ['raft', '--concurrency', '2', '--time', '2s', '--rounds', '20', '--keys', '10'];
  const { process } = await start(words);
  let seen: readonly string[] = [];
  await new Promise<void>((resolve) => {
    process.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('loading')) resolve();
    });
  });
  seen = await containersOf(process.pid);
  process.kill('SIGINT');
  await process;
  expect(seen.length).toBeGreaterThan(0);
  expect(await containersOf(process.pid)).toEqual([]);
});
