import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../core/run.ts';

const bin = join(import.meta.dirname, '../../bin/dtest.js');

interface RunJson extends Results {
  readonly path: string;
  readonly command: string;
  readonly facts: { readonly kept?: Record<string, Record<string, string>> };
}

/** What every real world must do, by the program that users run, and what each counts as left behind. */
export function acceptance(
  world: string,
  leftBehind: (path: string) => Promise<readonly string[]>,
) {
  describe(`dtest in the ${world} world`, () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'dtest-acceptance-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });
    const dtest = (...words: readonly string[]) =>
      execa(process.execPath, [bin, ...words], { cwd: folder, reject: false });
    const run = async (...words: readonly string[]) => {
      const { exitCode, stdout, stderr } = await dtest('run', '-w', world, '--json', ...words);
      expect(stdout, stderr).not.toBe('');
      const json = JSON.parse(stdout) as RunJson;
      expect(json.exitCode).toBe(exitCode);
      return json;
    };

    it.each(['raft', 'paxos'])('%s survives partitions, kills and pauses', async (system) => {
      const faults = ['--nemesis', 'partition,kill,pause', '--nemesis-interval', '2s'];
      const json = await run('register', '-s', system, '-n', '3', '-t', '8s', ...faults);
      expect([json.valid, json.reason]).toEqual(['valid', json.reason]);
      for (const { fault, injected, bit } of json.faults) {
        expect([fault, injected > 0, bit > 0]).toEqual([fault, true, true]);
      }
      for (const name of ['test.json', 'history.jsonl', 'results.json', 'report.html']) {
        expect(existsSync(join(folder, json.path, name)), name).toBe(true);
      }
      expect(readFileSync(join(folder, json.path, 'nodes/n1/node.log'), 'utf8')).not.toBe('');
      expect(await leftBehind(join(folder, json.path))).toEqual([]);
    });

    it.each(['append', 'set', 'counter'])(
      '%s is right while nodes are killed',
      async (workload) => {
        const faults = ['--nemesis', 'kill', '--nemesis-interval', '2s'];
        const json = await run(workload, '-n', '3', '-t', '5s', ...faults);
        expect([json.valid, json.reason]).toEqual(['valid', json.reason]);
      },
    );

    it('convicts local reads, says the same again, and replays them', async () => {
      const json = await run(
        'register',
        '--reads',
        'local',
        '-n',
        '3',
        '-t',
        '3s',
        '--nemesis',
        'none',
      );
      expect(json.valid).toBe('invalid');
      expect(json.exitCode).toBe(1);
      expect(readFileSync(join(folder, json.path, 'report.html'), 'utf8')).toContain(
        'cannot be placed',
      );
      const again = await dtest('check', json.path);
      expect([again.exitCode, again.stdout.includes('INVALID')]).toEqual([1, true]);
      const replayed = await dtest('replay', json.path, '--times', '2', '--json');
      const { times, failures } = JSON.parse(replayed.stdout) as {
        times: number;
        failures: number;
      };
      expect([replayed.exitCode, times, failures]).toEqual([1, 2, 2]);
      expect(await leftBehind(join(folder, json.path))).toEqual([]);
    });

    it('ends at the first violation when asked, long before its time', async () => {
      const words = ['--reads', 'local', '-n', '3', '-t', '60s', '--nemesis', 'none'];
      const { valid, stats, path } = await run('register', ...words, '--fail-fast');
      expect([valid, stats.durationMs < 30_000]).toEqual(['invalid', true]);
      expect(await leftBehind(join(folder, path))).toEqual([]);
    });

    it('leaves a kept cluster up where it says, until dtest clean', async () => {
      const words = ['-n', '3', '-t', '2s', '--nemesis', 'none', '--keep'];
      const { facts, path } = await run(...words);
      const health = await fetch(`http://${facts.kept?.n1?.http ?? ''}/healthz`);
      expect(await health.text()).toContain('ok');
      expect((await dtest('clean')).exitCode).toBe(0);
      expect(await leftBehind(join(folder, path))).toEqual([]);
    });

    it('ends early, in order and with a verdict on Ctrl-C', async () => {
      const child = dtest('run', '-w', world, '-n', '3', '-t', '60s', '--nemesis', 'none');
      await sawRunning(child.stderr);
      // Long enough for every kind of operation to succeed: without that a run proves nothing.
      await new Promise((resolve) => setTimeout(resolve, 2000));
      child.kill('SIGINT');
      const { exitCode, stdout } = await child;
      expect([exitCode, stdout.includes('VALID')]).toEqual([0, true]);
      expect(await leftBehind(join(folder, 'store/latest'))).toEqual([]);
    });

    it('what a kill -9 leaves is found and removed, and its history can be judged', async () => {
      const child = dtest('run', '-w', world, '-n', '3', '-t', '60s', '--nemesis', 'none');
      await sawRunning(child.stderr);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      child.kill('SIGKILL');
      await child;
      const clean = await dtest('clean');
      expect(clean.exitCode, clean.stderr).toBe(0);
      expect(await leftBehind(join(folder, 'store/latest'))).toEqual([]);
      const report = await dtest('report', 'latest', '--json');
      const { valid, stats } = JSON.parse(report.stdout) as RunJson;
      expect([valid, stats.counts.ok > 0]).toEqual(['valid', true]);
    });
  });
}

/** Resolves once the progress says that clients are at work. */
function sawRunning(stderr: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    stderr.on('data', (chunk) => {
      text += String(chunk);
      if (/running \d/.test(text)) resolve();
    });
    stderr.on('end', () => reject(new Error(`expected the run to get going, got: ${text}`)));
  });
}
