import { describe, expect, it } from 'vitest';
import type { Bench, BenchRound } from '../core/bench.ts';
import { type SavedBench, compareBenches } from './compare-benches.ts';
import { parseGates } from './gate.ts';
import { sampleBench } from './testing/sample-bench.ts';

const none = { gates: [], figures: [] } as const;

function saved(bench: Bench, label = bench.name): SavedBench {
  return { bench, label, path: `store/${label}` };
}

describe('a comparison of benchmarks', () => {
  it('shows that one is a quarter slower, in every cell', () => {
    const old = saved(sampleBench({ seed: 1, rounds: 8 }), 'old');
    const slow = saved(sampleBench({ seed: 2, rounds: 8, speeds: { raft: 0.75 } }), 'new');
    const { rows, reason, exitCode } = compareBenches([old, slow], none);
    const throughput = rows.filter(({ figure }) => figure === 'throughput');
    expect(throughput.map(({ verdict }) => verdict)).toEqual(['worse', 'worse']);
    expect(throughput[0]!.change!.estimate).toBeCloseTo(-25, -1);
    expect(reason).toMatch(/^\d worse/u);
    expect(exitCode).toBe(0);
  });

  it('compares the systems of one benchmark in pairs of rounds', () => {
    const bench = sampleBench({
      ...{ seed: 3, subjects: ['raft', 'paxos'], rounds: 8, noise: 0.01, drift: 0.3 },
      speeds: { paxos: 1.15 },
    });
    const { things, rows, basis } = compareBenches([saved(bench)], none);
    expect(things.map(({ label }) => label)).toEqual(['raft', 'paxos']);
    expect(basis).toContain('took turns');
    const throughput = rows.filter(({ figure }) => figure === 'throughput');
    expect(throughput.map(({ verdict, cell }) => [cell, verdict])).toEqual([
      ['n3 c16 r0.5 v16', 'better'],
      ['n3 c64 r0.5 v16', 'better'],
    ]);
  });

  it('keeps rounds beside each other where one of them could not be measured, and says so', () => {
    const bench = sampleBench({
      ...{ seed: 3, subjects: ['raft', 'paxos'], clients: [16], rounds: 8, noise: 0.001, drift: 2 },
      speeds: { paxos: 1.15 },
    });
    const isMissing = ({ cell, round }: BenchRound): boolean =>
      (cell.startsWith('paxos') && round === 2) || (cell.startsWith('raft') && round === 7);
    const gaps: Bench = {
      ...bench,
      rounds: bench.rounds.filter((each) => !isMissing(each)),
      failures: bench.rounds.filter(isMissing).map(({ cell, round, startedAt }) => ({
        ...{ cell, round, startedAt, why: 'n1 did not start' },
      })),
    };
    const { rows, warnings } = compareBenches([saved(gaps)], none);
    const throughput = rows.find(({ figure }) => figure === 'throughput');
    expect(throughput).toMatchObject({ rounds: { baseline: 6, candidate: 6 }, verdict: 'better' });
    expect(throughput?.change?.estimate).toBeCloseTo(15, 0);
    expect(warnings).toContain(
      'paxos, n3 c16 r0.5 v16: 1 of 8 rounds could not be measured (n1 did not start)',
    );
  });

  it('compares two systems of two benchmarks that have one each, and says that they differ', () => {
    const [raft, paxos] = ['raft', 'paxos'].map((subject) =>
      saved(sampleBench({ seed: 4, subjects: [subject] })),
    );
    const { rows, warnings } = compareBenches([raft!, paxos!], none);
    expect(rows.length).toBeGreaterThan(0);
    expect(warnings).toContain('bench-paxos differs from the baseline in systems (raft → paxos)');
  });

  it('names cells that only one has, and refuses where nothing is common', () => {
    const one = saved(sampleBench({ seed: 5, clients: [4, 16] }), 'one');
    const two = saved(sampleBench({ seed: 5, clients: [16, 64] }), 'two');
    const three = saved(sampleBench({ seed: 5, clients: [256] }), 'three');
    expect(compareBenches([one, two], none).warnings).toEqual([
      'only in one, so not compared: raft n3 c4 r0.5 v16',
      'only in two, so not compared: raft n3 c64 r0.5 v16',
    ]);
    expect(() => compareBenches([one, three], none)).toThrow('in common');
    expect(() => compareBenches([one], none)).toThrow('two things to compare');
  });

  it('says which rounds the generator limited, which answered wrongly, and which never recovered', () => {
    const bench = sampleBench({ seed: 6, clients: [16], fault: 'kill' });
    const spoilt: Bench = {
      ...bench,
      rounds: bench.rounds.map((round, at) => ({
        ...round,
        generator: {
          ...round.generator,
          limitedBy: at === 0 ? 'its threads took 0.97 of a core' : null,
        },
        verdict: at === 1 ? { valid: 'invalid', reason: 'a stale read' } : round.verdict,
        faults: round.faults.map((each) => ({ ...each, recoveredAfterMs: at === 2 ? null : 300 })),
      })),
    };
    const gates = parseGates('throughput<-5%');
    const { warnings, exitCode } = compareBenches([saved(bench, 'old'), saved(spoilt, 'new')], {
      ...{ gates, figures: [] },
    });
    expect(warnings).toEqual([
      'new, raft n3 c16 r0.5 v16: 1 of 5 rounds limited by the load generator (its threads took 0.97 of a core)',
      'new, raft n3 c16 r0.5 v16: 1 of 5 rounds answered wrongly (a stale read)',
      'new, raft n3 c16 r0.5 v16: 1 of 5 rounds never got back to 90 % of the throughput before the fault',
    ]);
    expect(exitCode).toBe(1);
  });

  it('compares what faults cost, where faults struck', () => {
    const [one, two] = [1, 2].map((seed) => saved(sampleBench({ seed, fault: 'kill' })));
    const figures = new Set(compareBenches([one!, two!], none).rows.map(({ figure }) => figure));
    expect([...figures]).toContain('recovery');
    expect([...figures]).toContain('withoutService');
  });
});
