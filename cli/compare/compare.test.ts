import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type SampleOptions, sampleBench } from '../../compare/testing/sample-bench.ts';
import type { OpEvent } from '../../core/event.ts';
import { rngOf } from '../../core/rng.ts';
import { normalDraw } from '../../compare/draws.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { runStats } from '../../runner/stats.ts';
import { historyOf } from '../../core/history.ts';
import { type PlannedBench, benchGate } from './bench-gate.ts';
import { type CompareFlags, compareSaved } from './compare.ts';

const store = mkdtempSync(join(tmpdir(), 'dtest-compare-'));
afterAll(() => {
  rmSync(store, { recursive: true, force: true });
});

const flags: CompareFlags = {
  ...{ store, 'fail-on': undefined, figures: undefined },
  ...{ markdown: undefined, junit: undefined, html: undefined },
};

async function compare(
  words: readonly string[],
  given: Partial<CompareFlags> = {},
): Promise<{ readonly comparison: Comparison; readonly exitCode: number; readonly text: string }> {
  const { json, exitCode, text } = await compareSaved(words, { ...flags, ...given });
  return { comparison: json as Comparison, exitCode, text };
}

function bench(name: string, options: SampleOptions): string {
  mkdirSync(join(store, name, '1'), { recursive: true });
  writeFileSync(join(store, name, '1/bench.json'), JSON.stringify(sampleBench(options)));
  return name;
}

interface RunOptions {
  readonly seed: number;
  readonly meanMs?: number;
  readonly system?: string;
  readonly nodes?: number;
}

/** A run of four clients in a closed loop for twelve seconds, on disk. */
function run(name: string, { seed, meanMs = 10, system = 'raft', nodes = 3 }: RunOptions): string {
  const rng = rngOf(seed, name);
  const events: OpEvent[] = [];
  for (let process = 0; process < 4; process++) {
    for (let atMs = 0; atMs < 12_000;) {
      const latencyMs = meanMs * Math.exp(0.3 * normalDraw(rng));
      const op = { process, op: 'write', key: 1, value: 1 } as const;
      events.push({ ...op, index: 0, timeNs: atMs * 1e6, phase: 'invoke' });
      atMs += latencyMs;
      events.push({ ...op, index: 0, timeNs: atMs * 1e6 - 1, phase: 'ok' });
    }
  }
  const history = events
    .sort((one, other) => one.timeNs - other.timeNs)
    .map((event, index) => ({ ...event, index }));
  const stats = runStats(historyOf(history), 12_000 * 1e6);
  const folder = join(store, name);
  mkdirSync(folder, { recursive: true });
  const plan = {
    workload: 'register',
    system,
    settings: {},
    world: 'local',
    nodes,
    seed,
    faults: [],
  };
  const test = { schema: 1, name: 'register-raft', startedAt: '2026-01-31T12:00:00.000Z' };
  const lines = history.map((event) => `${JSON.stringify(event)}\n`).join('');
  writeFileSync(join(folder, 'history.jsonl'), lines);
  writeFileSync(
    join(folder, 'test.json'),
    JSON.stringify({ ...test, command: 'dtest run', plan, facts: {} }),
  );
  const results = {
    valid: 'valid',
    reason: 'all is well',
    verdict: {},
    faults: [],
    stats,
    thresholds: [],
  };
  writeFileSync(
    join(folder, 'results.json'),
    JSON.stringify({ schema: 1, ...results, exitCode: 0 }),
  );
  return name;
}

describe('dtest compare of benchmarks', () => {
  const old = bench('bench-old', { seed: 1, rounds: 8 });
  const slow = bench('bench-slow', { seed: 2, rounds: 8, speeds: { raft: 0.7 } });
  const same = bench('bench-same', { seed: 3, rounds: 8, noise: 0.02, drift: 0.01 });

  it('ends with 3 on a missed gate, 0 on a met one, and 0 without any', async () => {
    const gate = { 'fail-on': ['throughput<-5%', 'p99>+500%'] };
    const missed = await compare([old, slow], gate);
    expect(missed.exitCode).toBe(3);
    expect(missed.comparison.gates.map(({ outcome }) => outcome)).toEqual(['missed', 'met']);
    expect(missed.text).toContain('▼ worse');
    expect((await compare([old, same], gate)).exitCode).toBe(0);
    expect((await compare([old, slow])).exitCode).toBe(0);
  });

  it('ends with 2 where a gate has nothing to judge', async () => {
    const { exitCode, comparison } = await compare([old, same], { 'fail-on': ['recovery>+10%'] });
    expect(exitCode).toBe(2);
    expect(comparison.gates[0]?.reasons).toEqual(['no round tells recovery']);
  });

  it('writes Markdown, JUnit and a page', async () => {
    const [markdown, junit, html] = ['c.md', 'c.xml', 'c.html'].map((name) => join(store, name));
    await compare([old, slow], { markdown, junit, html, 'fail-on': ['throughput<-5%'] });
    expect(readFileSync(markdown!, 'utf8')).toMatch(/^## ❌ 1 gate missed/u);
    expect(readFileSync(junit!, 'utf8')).toContain('failures="1"');
    const page = readFileSync(html!, 'utf8');
    expect(page).toContain('▼ worse');
    expect(page).toContain('data-chart="throughput-p99-1"');
    expect(page).not.toMatch(/(?:src|href)="https?:/u);
  });

  it('compares what is asked for', async () => {
    const { comparison } = await compare([old, same], { figures: 'read.p99,fsyncs' });
    expect(new Set(comparison.rows.map(({ figure }) => figure))).toEqual(
      new Set(['read.p99', 'fsyncs']),
    );
    await expect(compare([old, same], { figures: 'p98' })).rejects.toThrow('got "p98"');
  });
});

describe('dtest compare of runs', () => {
  const [one, two] = [1, 2].map((seed) => run(`register-raft/${seed}`, { seed }));
  const other = run('register-paxos/1', { seed: 3, system: 'paxos', nodes: 5, meanMs: 40 });

  it('shows what is four times as slow, names what differs, and says how weak that is', async () => {
    const { comparison } = await compare([one!, other]);
    const throughput = comparison.rows.find(({ figure }) => figure === 'throughput');
    expect(throughput).toMatchObject({ verdict: 'worse', rounds: { baseline: 12, candidate: 12 } });
    expect(comparison.warnings[0]).toContain('system ("raft" → "paxos")'.replaceAll('"', ''));
    expect(comparison.warnings[0]).toContain('nodes (3 → 5)');
    expect(comparison.basis).toContain('the weaker basis');
    expect(comparison.basis).toContain('25 %');
  });

  it('draws one over the other', async () => {
    const html = join(store, 'runs.html');
    await compare([one!, other], { html });
    const page = readFileSync(html, 'utf8');
    for (const name of ['runs-rate', 'runs-p99', 'runs-percentiles'])
      expect(page).toContain(`data-chart="${name}"`);
    const data = /id="page-data">(.*?)<\/script>/su.exec(page)?.[1] ?? '';
    const { charts } = JSON.parse(data) as { charts: { series: { label: string }[] }[] };
    expect(charts[0]?.series.map(({ label }) => label)).toEqual(['raft/1', 'paxos/1']);
  });

  it('shows no difference between two of the same plan, whose seeds are no difference', async () => {
    const { comparison } = await compare([one!, two!]);
    expect(comparison.rows.map(({ verdict }) => verdict)).toEqual(
      comparison.rows.map(() => 'no difference shown'),
    );
    expect(comparison.warnings).toEqual([]);
  });

  it('learns from runs of the same plan how much runs differ', async () => {
    for (let seed = 10; seed < 15; seed++) run(`register-raft/${seed}`, { seed });
    const { comparison } = await compare([one!, two!]);
    expect(comparison.basis).toContain("what 6 runs of the baseline's plan differ by");
  });

  it('takes runs joined by commas for repetitions, three at least', async () => {
    const many = (from: number, meanMs: number): string =>
      Array.from({ length: 4 }, (_, at) =>
        run(`again/${from + at}`, { seed: from + at, meanMs }),
      ).join(',');
    const { comparison } = await compare([many(20, 10), many(30, 12)]);
    const throughput = comparison.rows.find(({ figure }) => figure === 'throughput');
    expect(throughput).toMatchObject({ verdict: 'worse', rounds: { baseline: 4, candidate: 4 } });
    await expect(compare([many(20, 10), one!])).rejects.toThrow('at least 3 of each');
  });

  it.each([
    ['one run alone', ['register-raft/1'], 'at least two runs'],
    [
      'a run and a benchmark',
      ['register-raft/1', 'bench-old'],
      'expected either benchmarks or runs, got both',
    ],
    [
      'benchmarks as repetitions',
      ['bench-old,bench-same', 'bench-slow'],
      'expected one benchmark in each word',
    ],
    ['nothing', ['nowhere', 'register-raft/1'], 'got "nowhere"'],
    ['a path out of the store', ['../../etc', 'register-raft/1'], 'got "../../etc"'],
  ])('refuses %s', async (_, words, why) => {
    await expect(compare(words)).rejects.toThrow(why);
  });
});

describe('the gate of dtest bench', () => {
  const files = { store, junit: join(store, 'g.xml'), markdown: join(store, 'g.md') };
  const now = sampleBench({ seed: 9, rounds: 8, speeds: { raft: 0.6 } });
  const folder = join(store, 'bench-now/1');
  const planned: PlannedBench = { subjects: 1, rounds: 8, cells: now.cells };
  mkdirSync(folder, { recursive: true });

  it('compares with the baseline, and writes what was asked for', async () => {
    bench('bench-before', { seed: 8, rounds: 8 });
    const gate = await benchGate(
      { ...files, baseline: 'bench-before', 'fail-on': ['throughput<-5%'] },
      planned,
    );
    const { comparison, text } = await gate.judge(now, folder);
    expect(comparison?.exitCode).toBe(3);
    expect(text).toContain('✗ missed');
    expect(readFileSync(files.markdown, 'utf8')).toContain('1 gate missed');
    expect(readFileSync(files.junit, 'utf8')).toContain('raft n3 c16 r0.5 v16');
    expect(readFileSync(join(folder, 'compare.html'), 'utf8')).toContain('▼ worse');
  });

  it('without demands or a baseline compares nothing', async () => {
    const { comparison, text } = await (await benchGate(files, planned)).judge(now, folder);
    expect([comparison, text]).toEqual([null, '']);
  });

  it.each([
    ['a typing error', { 'fail-on': ['p99>'] }, {}, '--fail-on: expected demands like'],
    [
      'nobody to compare with',
      { 'fail-on': ['p99>+5%'] },
      {},
      'expected --baseline with --fail-on',
    ],
    [
      'a baseline that is a run',
      { baseline: 'register-raft/1' },
      {},
      'got the run register-raft/1',
    ],
    ['a folder for a file', { junit: store }, {}, 'expected --junit to name a file'],
    [
      'rounds that show nothing',
      { 'fail-on': ['p99>+5%'] },
      { subjects: 2, rounds: 2 },
      'expected --rounds 3 or more with --fail-on',
    ],
    [
      'a baseline of another shape',
      { baseline: 'bench-before' },
      { cells: sampleBench({ seed: 1, clients: [256] }).cells },
      'has measured too (raft n3 c16 r0.5 v16; raft n3 c64 r0.5 v16, …), got raft n3 c256',
    ],
    ['an empty baseline', { baseline: 'bench-empty' }, {}, 'of which none was measured'],
  ])('refuses %s before anything is measured', async (_, given, other, why) => {
    run('register-raft/1', { seed: 1 });
    bench('bench-before', { seed: 8, rounds: 8 });
    bench('bench-empty', { seed: 8, rounds: 0 });
    await expect(benchGate({ store, ...given }, { ...planned, ...other })).rejects.toThrow(why);
  });

  it('keeps what was measured where it cannot be compared, and says so', async () => {
    const flags = { store, baseline: 'bench-before', 'fail-on': ['p99>+5%'] };
    const gate = await benchGate(flags, { ...planned, cells: [] });
    const other = sampleBench({ seed: 1, clients: [256] });
    const { comparison, text, isUndecided } = await gate.judge(other, folder);
    expect([comparison, isUndecided]).toEqual([null, true]);
    expect(text).toMatch(/^not compared: expected at least one combination/u);
  });
});
