import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../core/run.ts';

const bin = join(import.meta.dirname, '../bin/dtest.js');

describe('dtest in the sim world', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dtest-sim-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  type Run = Results & { readonly path: string };

  const run = (...words: readonly string[]): Promise<Run> =>
    runAsSaid('--rate', '50', '-t', '20s', ...words);

  async function runAsSaid(...words: readonly string[]): Promise<Run> {
    const sim = ['run', 'register', '-w', 'sim', '--json'];
    const { stdout, stderr } = await execa(process.execPath, [bin, ...sim, ...words], {
      ...{ cwd: folder, reject: false },
    });
    expect(stdout, stderr).not.toBe('');
    return JSON.parse(stdout) as Run;
  }

  const textOf = (path: string, name: string): string =>
    readFileSync(join(folder, path, name), 'utf8');

  it.each(['raft', 'paxos'])('%s is right, and one seed is one execution', async (system) => {
    const words = ['-s', system, '--seed', '42', '--nemesis', 'all'];
    const [one, other] = [await run(...words), await run(...words)];
    expect([one.valid, one.reason]).toEqual(['valid', one.reason]);
    expect(one.faults.some(({ bit }) => bit > 0)).toBe(true);
    for (const name of ['history.jsonl', 'sightings.jsonl', 'nodes/n1/node.log']) {
      expect(textOf(one.path, name)).not.toBe('');
      expect(textOf(other.path, name)).toBe(textOf(one.path, name));
    }
  });

  it('verifies a seed when asked, beside the run that is saved', async () => {
    const words = ['run', 'register', '-w', 'sim', '--rate', '50', '-t', '5s', '--verify', '-q'];
    const { stdout, exitCode } = await execa(process.execPath, [bin, ...words, '--seed', '3'], {
      ...{ cwd: folder, reject: false },
    });
    expect(stdout).toMatch(/^verified {2}\d+ events and \d+ draws, twice the same$/m);
    expect(exitCode).toBe(0);
  });

  it('refuses to verify where time is not its own', async () => {
    const words = ['run', 'register', '-w', 'local', '--verify'];
    const { stderr, exitCode } = await execa(process.execPath, [bin, ...words], {
      ...{ cwd: folder, reject: false },
    });
    expect(stderr).toContain('expected --world sim for --verify, got local');
    expect(exitCode).toBe(254);
  });

  it('reads again where the leader falls between the recovery and the last reads', async () => {
    // What lagged towards n3 still comes in order after the healing, too late for it to go on leading.
    const faults =
      'kill,disk:slow,disk:sync-error,flaky:slow,flaky:lag,membership:one,membership:minority,membership:swap,membership:torn';
    const words =
      '-n 3 --rate 17 -t 15s --timeout 10s --nemesis-interval 3750ms --set forward=off --set requestTimeoutMs=10000 --set snapshotEntries=1000 --set electionMs=150 --set maxBatch=4 --seed 102079';
    const { valid, path } = await runAsSaid('--nemesis', faults, ...words.split(' '));
    const refused = textOf(path, 'history.jsonl').match(/knows no leader/gu) ?? [];
    expect([valid, refused.length > 12]).toEqual(['valid', true]);
  });

  it('another seed is another execution', async () => {
    const [one, other] = [await run('--seed', '1'), await run('--seed', '2')];
    expect(textOf(other.path, 'history.jsonl')).not.toBe(textOf(one.path, 'history.jsonl'));
  });

  it('ends at the first violation when asked', async () => {
    const words = ['--reads', 'local', '--seed', '1'];
    const [whole, cut] = [await run(...words), await run(...words, '--fail-fast')];
    expect([whole.valid, cut.valid]).toEqual(['invalid', 'invalid']);
    expect(cut.stats.durationMs).toBeLessThan(whole.stats.durationMs / 2);
    expect(textOf(whole.path, 'history.jsonl')).toContain(
      textOf(cut.path, 'history.jsonl').slice(0, 1000),
    );
  });

  it('convicts local reads', async () => {
    const { valid, exitCode } = await run('--reads', 'local', '--seed', '1');
    expect([valid, exitCode]).toEqual(['invalid', 1]);
  });
});
