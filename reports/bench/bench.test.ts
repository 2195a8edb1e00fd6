import { describe, expect, it } from 'vitest';
import { compareBenches } from '../../compare/compare-benches.ts';
import type { Bench } from '../../core/bench.ts';
import type { Comparison } from '../comparison/comparison.ts';
import { visible } from '../markup/visible.ts';
import { hostileValues } from '../testing/hostile.ts';
import { sampleBench } from '../testing/sample-bench.ts';
import { unescaped } from '../testing/tags.ts';
import { measuredCells } from './cells.ts';
import { benchCharts } from './charts.ts';
import { estimateOf, factorEstimateOf } from './estimate.ts';
import { renderBench } from './render-bench.ts';
import { winnersInWords } from './winner.ts';

const bench = sampleBench({ clients: [1, 16, 64], faults: [null, 'kill'], nodes: [3, 5] });
const compared = (of: Bench): Comparison =>
  compareBenches([{ bench: of, path: 'x', label: 'x' }], { gates: [], figures: [] });
const charts = (of: Bench) => benchCharts(of).sections.flatMap((each) => each.charts);

async function pageFor(of: Bench, comparison: Comparison | null): Promise<string> {
  const [page] = await renderBench(of, { comparison, path: 'store/bench/x' });
  return page!.content as string;
}

describe('charts of a bench', () => {
  it('are curves, percentiles, time, costs for each group, and scaling over all', () => {
    const names = charts(bench).map(({ name }) => name);
    expect(names.slice(0, 8)).toEqual([
      ...['throughput-p99-1', 'throughput-median-1', 'latency-distribution-1'],
      ...['rate-over-time-1', 'p99-over-time-1', 'messages-1', 'bytes-1', 'fsyncs-1'],
    ]);
    expect(names.filter((name) => name.startsWith('throughput-p99'))).toHaveLength(4);
    expect(names.filter((name) => name.startsWith('scaling'))).toHaveLength(2);
    expect(new Set(names).size).toBe(names.length);
  });

  it('put throughput against latency, in order of load, with intervals', () => {
    const [curve] = charts(bench);
    const raft = curve!.series.find(({ label }) => label === 'raft')!;
    expect(raft.words).toEqual(['1', '16', '64']);
    expect([...raft.x].sort((a, b) => a - b)).toEqual(raft.x);
    const cells = measuredCells(bench).filter(
      ({ cell }) => cell.subject === 'raft' && cell.nodes === 3 && cell.fault === null,
    );
    expect(raft.x[0]).toBeCloseTo(cells[0]!.throughput!.mean, 0);
    expect(raft.low![1]!).toBeLessThan(raft.y[1]!);
    expect(raft.high![1]!).toBeGreaterThan(raft.y[1]!);
  });

  it('mark what the load generator limited', () => {
    const limited = sampleBench({ clients: [64, 256] });
    const curve = charts(limited)[0]!;
    const none = curve.series.find(({ label }) => label === 'null')!;
    expect(none.limited).toEqual([false, true]);
    expect(none.names![1]).toContain('limited by the generator');
  });

  it('tell no percentile that too few operations know', () => {
    const [few] = bench.rounds;
    const lonely = { ...bench, rounds: [{ ...few!, latencies: {} }] };
    expect(charts(lonely).map(({ name }) => name)).not.toContain('latency-distribution-1');
    const [, , distribution] = charts(bench);
    for (const { x } of distribution!.series) expect(10 ** x.at(-1)!).toBeLessThanOrEqual(24_000);
  });

  it('shade the fault once where it struck all systems at the same time', () => {
    const chart = charts(bench).find(({ name }) => name === 'rate-over-time-3')!;
    expect(chart.faults.map(({ kind }) => kind)).toEqual(['warm-up', 'kill']);
    expect(chart.faults[1]).toMatchObject({ beginS: 6, healS: 9 });
    expect(chart.description).toContain('raft: kill of the leader from 6.0 s to 9.0 s');
  });

  it('are bounded in number, and the page says how many are left out', () => {
    const large = sampleBench({
      ...{ nodes: [3, 5, 7], faults: [null, 'kill', 'pause'], clients: [1, 4], rounds: 1 },
      subjects: ['raft'],
    });
    const { sections, omitted } = benchCharts(large);
    expect(sections.flatMap((each) => each.charts)).toHaveLength(40);
    expect(omitted).toBeGreaterThan(20);
  });
});

describe('an estimate', () => {
  it('has the interval of Student', () => {
    const { mean, low, high } = estimateOf([10, 12, 14])!;
    expect([mean, low, high].map((each) => Number(each!.toFixed(2)))).toEqual([12, 7.03, 16.97]);
  });

  it('of factors is geometric, and never reaches 0', () => {
    const { mean, low, high } = factorEstimateOf([1, 10, 100])!;
    expect(mean).toBeCloseTo(10);
    expect(low! * high!).toBeCloseTo(100);
    expect(factorEstimateOf([1, 0])).toBeNull();
  });

  it('has none of two rounds, and is nothing of nothing', () => {
    expect(estimateOf([1, 2])).toEqual({ mean: 1.5, low: null, high: null });
    expect(estimateOf([])).toBeNull();
  });
});

describe('bench-report.html', () => {
  const few = sampleBench({ clients: [16, 256], rounds: 6 });

  it('says first who is faster, by how much, and how sure that is', async () => {
    const page = unescaped(await pageFor(few, compared(few)));
    const [winner] = winnersInWords(compared(few));
    expect(winner!.headline).toMatch(/^raft is faster than paxos/u);
    expect(winner!.detail).toMatch(
      /^Throughput of paxos is 0\.7\d× to 0\.7\d× that of raft over 2 cells/u,
    );
    const places = [
      ...[winner!.headline, winner!.detail, few.command, 'How many times as much as raft'],
      ...['Charts</h2>', 'Figures</h2>', 'The load generator</h2>'],
    ].map((text) => page.indexOf(text, page.indexOf('<main>')));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(page).toMatch(/0\.7\d× \(0\.\d\d× to 0\.\d\d×\)/u);
  });

  it('says of one system what it did at best', async () => {
    const alone = sampleBench({ subjects: ['raft'], clients: [4, 64], rounds: 2 });
    const page = unescaped(await pageFor(alone, null));
    expect(page).toMatch(/raft: [\d,]+\/s at best/u);
    expect(page).toContain('In raft n3 c64 r0.5 v16');
  });

  it('marks limited figures, wrong answers and objectives that nobody met', async () => {
    const wrong: Bench = {
      ...few,
      rounds: few.rounds.map((round, at) =>
        at === 3 ? { ...round, verdict: { valid: 'invalid', reason: 'a stale read' } } : round,
      ),
    };
    const page = unescaped(await pageFor(wrong, compared(wrong)));
    expect(page).toContain('△ limited by the load generator');
    expect(page).toContain('its busiest thread had no time left');
    expect(page).toContain('a stale read');
    expect(page).toContain('class="verdict invalid"');
    expect(page).toContain('✗ not even the lowest');
  });

  it('shows whatever a name holds as text and nothing else', async () => {
    const tiny = sampleBench({ subjects: ['raft'], clients: [4], rounds: 1, faults: ['kill'] });
    const kept = new Set(['read', 'write', 'kind', 'valid', 'arrivals', 'distribution', 'world']);
    let next = 0;
    const poisoned = JSON.parse(
      JSON.stringify({ ...tiny, rounds: [] }, (key, value: unknown) =>
        typeof value === 'string' && !kept.has(key)
          ? hostileValues[next++ % hostileValues.length]
          : value,
      ),
    ) as Bench;
    const [cell] = poisoned.cells;
    const rounds = hostileValues.map((value, at) => ({
      ...tiny.rounds[0]!,
      ...{ cell: cell!.id, round: at + 1, verdict: { valid: 'valid' as const, reason: value } },
      faults: tiny.rounds[0]!.faults.map((fault) => ({ ...fault, kind: value, summary: value })),
    }));
    const page = await pageFor({ ...poisoned, rounds }, null);
    expect([...page.matchAll(/<script/gu)]).toHaveLength(2);
    for (const value of hostileValues) {
      expect(unescaped(page)).toContain(visible(value).split('\n')[0]!.trim());
    }
    expect(/[^\P{Cc}\n\t]|\p{Bidi_Control}|\p{Cs}/u.test(page)).toBe(false);
  });
});
