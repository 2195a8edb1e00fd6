import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignSummary } from '../reports/campaign/campaign-summary.ts';
import type { ResultLine } from './campaign/result-line.ts';
import { inProcess } from './testing/in-process.ts';

const bin = join(import.meta.dirname, '../bin/dtest.js');

/** A run of this size takes some hundredths of a second. */
const small = '--nodes 3 --rate 50 --time 4s --nemesis-interval 1s --swarm off'.split(' ');

describe('dtest campaign', { timeout: 180_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dtest-campaign-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const dtest = (...words: readonly string[]) => inProcess(folder, words);

  async function campaign(...words: readonly string[]) {
    const { exitCode, stdout, stderr } = await dtest('campaign', '--json', ...words);
    expect(stdout, stderr).not.toBe('');
    const summary = JSON.parse(stdout) as CampaignSummary;
    expect(summary.exitCode).toBe(exitCode);
    return summary;
  }

  const textOf = (path: string, name: string): string =>
    readFileSync(join(folder, path, name), 'utf8');

  /** Results without what may differ between equal campaigns. */
  function resultsOf({ path }: CampaignSummary): unknown[] {
    const lines = textOf(path, 'results.jsonl').trim().split('\n');
    const results = lines.map((line) => ({ ...(JSON.parse(line) as ResultLine), wallMs: 0 }));
    return results.sort(
      (one, other) => one.combination - other.combination || one.seed - other.seed,
    );
  }

  it('finds nothing in what is right, and the same whenever it is asked', async () => {
    const words = [
      ...small,
      '--nemesis',
      'kill;partition',
      '--seeds',
      '1..3',
      '--junit',
      'junit.xml',
    ];
    const [one, other] = [
      await campaign(...words, '--workers', '2'),
      await campaign(...words, '--workers', '1'),
    ];
    expect([one.valid, one.exitCode, one.done, one.total]).toEqual(['valid', 0, 6, 6]);
    expect(one.combinations.map(({ nemesis, done }) => [nemesis, done])).toEqual([
      ['kill', 3],
      ['partition', 3],
    ]);
    expect(one.faults.every(({ bit }) => bit > 0)).toBe(true);
    expect(resultsOf(one)).toEqual(resultsOf(other));
    expect(textOf(one.path, 'summary.html')).toContain('no failure in 6 runs of 2 combinations');
    expect(textOf(one.path, 'summary.md')).toContain('valid');
    expect(textOf('.', 'junit.xml')).toContain('<testcase name="partition"');
  });

  it('convicts local reads with every seed, as one kind, and saves the first', async () => {
    const summary = await campaign(...small, '--reads', 'local', '--seeds', '1..4', '--save', '2');
    expect([summary.valid, summary.exitCode, summary.outcomes.invalid]).toEqual(['invalid', 1, 4]);
    expect(summary.problems).toEqual([]);
    const [group, ...others] = summary.failures;
    expect([others, group?.count]).toEqual([[], 4]);
    const sizes = group?.examples.map(({ operations }) => operations) ?? [];
    expect(sizes).toEqual(sizes.toSorted((first, second) => first - second));
    const saved = group?.examples.filter(({ path }) => path !== null) ?? [];
    expect(saved).toHaveLength(2);
    for (const { path, reason } of saved) {
      expect(existsSync(join(folder, path ?? '', 'report.html'))).toBe(true);
      expect(textOf(path ?? '', 'results.json')).toContain(JSON.stringify(reason));
      expect((await dtest('check', path ?? '')).exitCode).toBe(1);
    }
    // The command that it gives repeats the very run.
    const command = saved[0]?.command.split(' ').slice(1) ?? [];
    const run = await dtest(...command, '--json');
    expect([run.exitCode, run.stdout.includes(JSON.stringify(saved[0]?.reason))]).toEqual([
      1,
      true,
    ]);
  });

  it('ends in order on Ctrl-C, and goes on where it stopped', async () => {
    const words = [...small, '--nemesis', 'kill', '--seeds', '1..12'];
    const child = execa(process.execPath, [bin, 'campaign', ...words], {
      cwd: folder,
      reject: false,
    });
    for await (const line of child.iterable({ from: 'stderr' })) {
      if (line.includes('runs ·')) child.kill('SIGINT');
      if (line.includes('ending after')) break;
    }
    const { exitCode, stdout } = await child;
    expect([exitCode, stdout.includes('ended early by the user')]).toEqual([0, true]);
    const path = /--resume (\S+)/u.exec(stdout)?.[1] ?? '';
    const before = textOf(path, 'results.jsonl');
    expect(before.trim().split('\n').length).toBeLessThan(12);

    // As a harness that is killed leaves it.
    appendFileSync(join(folder, path, 'results.jsonl'), '{"combination":0,"se');
    const summary = await campaign('--resume', path, '--workers', '2');
    expect([summary.done, summary.endedEarly, summary.valid]).toEqual([12, null, 'valid']);
    expect(textOf(path, 'results.jsonl').startsWith(before)).toBe(true);
    expect(resultsOf(summary)).toEqual(resultsOf(await campaign(...words)));
    const nothing = await campaign('--resume', path);
    expect([nothing.done, nothing.exitCode]).toEqual([12, 0]);
  });

  it('ends at the first failure, or when its time is over', async () => {
    const words = [...small, '--seeds', '1..100000'];
    const failed = await campaign(...words, '--reads', 'local', '--fail-fast', '--save', '0');
    expect([failed.exitCode, failed.done < 10]).toEqual([1, true]);
    expect(failed.endedEarly).toBe('ended at the first failure');
    const late = await campaign(...words, '--nemesis', 'kill', '--time-limit', '100ms');
    expect([late.endedEarly, late.done < late.total]).toEqual(['the time limit ran out', true]);
  });

  it('is unknown where no run of a combination proved anything', async () => {
    const tooRare = ['--nemesis', 'kill', '--nemesis-interval', '10m'];
    const summary = await campaign(...small.slice(0, 6), '--seeds', '1..2', ...tooRare);
    expect([summary.valid, summary.exitCode]).toEqual(['unknown', 2]);
    expect(summary.unknowns[0]?.count).toBe(2);
    expect(summary.unknowns[0]?.examples[0]?.command).toContain('dtest run register');
  });

  it.each([
    [['--seeds', '10..1'], 'try 1..10'],
    [['--systems', 'rafts'], 'did you mean "raft"'],
    [['--workers', '0'], 'greater than or equal to 1'],
    [['--seeds', '1..99999999'], 'at most 10,000,000 runs'],
    [['--resume', 'nowhere'], 'expected --resume to name a campaign'],
    [['--resume', 'latest', '--seeds', '1..3'], 'expected no --seeds with --resume'],
    [['--fail-fast', '--max-failures', '3'], 'cannot also be provided'],
    [['--junit', '.'], 'expected --junit to name a file'],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stderr } = await dtest('campaign', ...words);
    expect([exitCode, stderr.includes(message)], stderr).toEqual([254, true]);
  });

  it('does not go on with what another dtest began, or other code', async () => {
    const { path } = await campaign(...small, '--nemesis', 'none', '--seeds', '1');
    const file = join(folder, path, 'campaign.json');
    const plan = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...plan, dtest: '0.0.1' }));
    const older = await dtest('campaign', '--resume', path);
    expect([older.exitCode, older.stderr.includes('got one of 0.0.1')]).toEqual([254, true]);
    writeFileSync(file, JSON.stringify(plan));
    const results = join(folder, path, 'results.jsonl');
    writeFileSync(results, readFileSync(results, 'utf8').replace(/"events":\d+/u, '"events":1'));
    const changed = await dtest('campaign', '--resume', path);
    expect([changed.exitCode, changed.stderr.includes('have changed since')]).toEqual([254, true]);
  });
});
