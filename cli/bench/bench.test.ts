import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, it } from 'vitest';
import type { Bench } from '../../core/bench.ts';
import { decodeLatencies } from '../../load/figures/latencies.ts';
import { packageRoot } from '../package-root.ts';

const dtest = [process.execPath, join(packageRoot, 'bin/dtest.js')] as const;
const patienceMs = 120_000;

let folder = '';

afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(words: readonly string[], programs: Readonly<Record<string, string>> = {}) {
  folder = await mkdtemp(join(tmpdir(), 'dtest-bench-'));
  const own = join(folder, 'programs');
  await mkdir(own);
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(own, name), text);
    await chmod(join(own, name), 0o755);
  }
  const [node, script] = dtest;
  return {
    process: execa(node, [script, 'bench', ...words, '--seed', '1'], {
      ...{ cwd: folder, reject: false, timeout: patienceMs },
      env: { PATH: `${own}${delimiter}${process.env.PATH ?? ''}` },
    }),
  };
}

/** A server that ends before it serves. */
const hopeless = { 'redis-server': '#!/bin/sh\necho "out of luck" >&2\nexit 3\n' };

async function savedBench(): Promise<Bench> {
  const text = await readFile(join(folder, 'store/latest/bench.json'), 'utf8');
  return JSON.parse(text) as Bench;
}

const short = ['--time', '1s', '--quiet'];
const once = [...short, '--rounds', '1'];

it('a system that does nothing shows what the generator can do, and says that it is the limit', async () => {
  const { process } = await start(['null', '--concurrency', '8', ...once]);
  const { stdout, exitCode } = await process;
  expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain('limited by the generator in 1 round');
  const { rounds, cells } = await savedBench();
  expect(cells.map(({ id }) => id)).toEqual(['null n1 c8 r0.5 v16']);
  expect(rounds[0]?.generator.limitedBy).toContain('busy for');
  expect(rounds[0]?.verdict.valid).toBe('valid');
});

it('the system that is in one thread is refused several, before anything is made', async () => {
  const { process } = await start(['null', '--threads', '4', ...once]);
  const { stderr, exitCode } = await process;
  expect([exitCode, stderr]).toEqual([254, expect.stringContaining('expected --threads 1')]);
  expect(await readdir(folder)).toEqual(['programs']);
});

it(
  'two systems take turns, and every round is judged, counted and kept',
  { timeout: patienceMs },
  async () => {
    const words = ['raft', 'paxos', '--world', 'local', '--concurrency', '4', '--keys', '50'];
    const { process } = await start([...words, ...short, '--rounds', '2']);
    const { stdout, exitCode } = await process;
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
    const bench = await savedBench();
    const turns = bench.rounds.map(({ cell, round }) => `${cell.split(' ')[0] ?? ''} ${round}`);
    expect(turns).toEqual(['raft 1', 'paxos 1', 'paxos 2', 'raft 2']);
    for (const round of bench.rounds) {
      expect(round.verdict).toMatchObject({ valid: 'valid' });
      expect(round.costs?.messages).toBeGreaterThan(1);
      const all = Object.values(round.latencies).map((each) => decodeLatencies(each).count);
      expect(all.reduce((sum, each) => sum + each, 0)).toBe(round.counts.ok);
      const inWindows = round.windows
        .filter(({ atMs }) => atMs >= round.warmUpMs)
        .reduce((sum, { ok }) => sum + ok, 0);
      expect(inWindows).toBe(round.counts.ok);
    }
    const [node, script] = dtest;
    const saved = (await readdir(join(folder, 'store/latest/rounds'))).map((name) =>
      join('store/latest/rounds', name),
    );
    const checked = await execa(node, [script, 'check', ...saved], { cwd: folder });
    expect(checked.stdout.match(/^VALID/gm)).toHaveLength(4);
  },
);

it('a store that lies is convicted while it is measured', { timeout: patienceMs }, async () => {
  const words = ['raft:reads=local', '--world', 'local', '--concurrency', '8', '--keys', '5'];
  const { process } = await start([...words, ...once]);
  const { stdout, exitCode } = await process;
  expect({ stdout, exitCode }).toMatchObject({ exitCode: 1 });
  expect(stdout).toContain('invalid: not linearizable');
});

it(
  'a cluster that does not start is noted, given up after two rounds, and hinders no other',
  { timeout: patienceMs },
  async () => {
    const words = ['redis', 'loopback', '--world', 'local', '--concurrency', '2', '--keys', '10'];
    const flags = ['--rounds', '3', '--junit', 'junit.xml', '--markdown', 'result.md'];
    const { process } = await start([...words, ...short, ...flags], hopeless);
    const { stdout, exitCode } = await process;
    expect(exitCode).toBe(255);
    const { rounds, failures } = await savedBench();
    expect(rounds.map(({ cell, round }) => `${cell.slice(0, 8)} ${round}`)).toEqual(
      [1, 2, 3].map((round) => `loopback ${round}`),
    );
    expect(failures!.map(({ cell, round }) => [cell, round])).toEqual(
      [1, 2].map((round) => ['redis n1 c2 r0.5 v16', round]),
    );
    expect(failures![0]?.why).toContain('out of luck');
    expect(stdout).toMatch(/✗ redis .*: 2 rounds could not be measured: expected n1 to start/u);
    const kept = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
    expect(await kept('junit.xml')).toContain('errors="1"');
    expect(await kept('result.md')).toMatch(/^## ❌ not all was measured: .*, 2 of them failed/u);
    expect(await kept('store/latest/bench-report.html')).toContain('✗ not measured');
    expect(await readdir(join(folder, 'store/latest/rounds'))).toHaveLength(3);
    expect(await readdir(join(folder, 'store/latest'))).not.toContain('progress.json');
  },
);

it(
  'a benchmark of which nothing can be measured ends, and says why',
  { timeout: patienceMs },
  async () => {
    const words = ['redis', '--world', 'local', '--concurrency', '1,2,4,8,16', ...short];
    const { process } = await start(words, hopeless);
    const { stderr, exitCode } = await process;
    expect(exitCode).toBe(255);
    expect(stderr).toContain('all of 5 rounds failed');
    expect(stderr).toContain('out of luck');
    expect((await savedBench()).failures).toHaveLength(5);
  },
);

it(
  'Ctrl-C keeps what was measured, and leaves no process behind',
  { timeout: patienceMs },
  async () => {
    const words = ['raft', '--world', 'local', '--concurrency', '2', '--keys', '10'];
    const { process } = await start([...words, '--time', '1s', '--rounds', '20']);
    await new Promise<void>((resolve) => {
      process.stderr.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('round 3/')) resolve();
      });
    });
    process.kill('SIGINT');
    const { stdout, exitCode } = await process;
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
    const { rounds } = await savedBench();
    expect(rounds).toHaveLength(2);
    expect(stdout).toContain('ended early, after 2 rounds');
    const { stdout: all } = await execa('ps', ['-eo', 'args']);
    expect(all.split('\n').filter((line) => line.includes(folder))).toEqual([]);
  },
);
