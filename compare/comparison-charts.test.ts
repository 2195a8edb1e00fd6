import { describe, expect, it } from 'vitest';
import type { Bench } from '../core/bench.ts';
import type { ChartDefinition } from '../reports/charts/definition.ts';
import type { SavedBench } from './compare-benches.ts';
import { comparisonCharts } from './comparison-charts.ts';
import { sampleBench } from './testing/sample-bench.ts';

const saved = (bench: Bench, label: string): SavedBench => ({ bench, label, path: label });

function chart(all: readonly SavedBench[], start: string): ChartDefinition {
  const { sections } = comparisonCharts(all);
  const found = sections.flatMap(({ charts }) => charts).find(({ name }) => name.startsWith(start));
  if (found === undefined) throw new Error(`expected a chart ${start}, found none`);
  return found;
}

const labels = ({ series }: ChartDefinition): readonly string[] => series.map(({ label }) => label);

describe('what is compared stands in the same picture', () => {
  const [old, now] = [1, 2].map((seed) => sampleBench({ seed }));

  it('one system of two times as two curves, by what tells them apart', () => {
    const both = ['12-00-00.000', '12-40-00.500'].map((time, at) =>
      saved(at === 0 ? old! : now!, `bench-raft/2026-01-31T${time}`),
    );
    expect(labels(chart(both, 'throughput-p99'))).toEqual(['12-00-00', '12-40-00']);
    const elsewhere = [saved(old!, 'bench-raft/1'), saved(now!, 'other/1')];
    expect(labels(chart(elsewhere, 'throughput-p99'))).toEqual(['bench-raft/1', 'other/1']);
  });

  it('several systems of two times with the name of each', () => {
    const subjects = ['raft', 'paxos'];
    const both = [3, 4].map((seed) => saved(sampleBench({ seed, subjects }), `b/${seed}`));
    expect(labels(chart(both, 'throughput-p99'))).toEqual([
      ...['3 raft', '3 paxos', '4 raft', '4 paxos'],
    ]);
  });

  it('without what only one of them has measured', () => {
    const more = sampleBench({ seed: 6, clients: [16, 64, 256] });
    const { series } = chart([saved(old!, 'b/1'), saved(more, 'b/2')], 'throughput-p99');
    expect(series.map(({ words }) => words)).toEqual([
      ['16', '64'],
      ['16', '64'],
    ]);
  });

  it('the systems of one benchmark as they are', () => {
    const bench = sampleBench({ seed: 5, subjects: ['raft', 'paxos'] });
    expect(labels(chart([saved(bench, 'b/5')], 'latency-distribution'))).toEqual(['raft', 'paxos']);
  });
});
