import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { scriptFlags } from '../../cli/script-flags.ts';
import { type SavedBench, compareBenches } from '../../compare/compare-benches.ts';
import type { Bench } from '../../core/bench.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { wilsonInterval } from '../../runner/confidence.ts';
import { describeMachine, thisMachine } from '../machine.ts';

const usage = `Usage: node bench/compare/same-thing.ts [flags]

How often do two measurements of the same thing seem to differ? At most 1 time in 20 they may.
  --system NAME       what is measured, against itself; default raft
  --as NAME           its other name, with a setting that is the default anyway; default
                      raft:reads=index; of null there is none, and its pairs are those that ran apart
  --pairs N           default 40
  --rounds N          of each benchmark; default 5
  --concurrency N     default 16
  --time DURATION     of a round; default 1s
  --keep DIR          keeps the benchmarks there
`;

/**
 * Benchmarks of one system under two names, in turn. Each is a pair for the comparison of systems that
 * took turns; and every one against the next is a pair for the comparison of benchmarks that ran apart.
 */
async function main(): Promise<void> {
  const { pairs, keep, ...what } = scriptFlags(usage, {
    ...{ system: 'raft', as: 'raft:reads=index', pairs: 40, rounds: 5, concurrency: 16 },
    ...{ time: '1s', keep: '' },
  });
  say(`${describeMachine(thisMachine())}\n`);
  const store = keep === '' ? mkdtempSync(join(tmpdir(), 'dtest-same-thing-')) : keep;
  try {
    const benches: SavedBench[] = [];
    const inTurn: Comparison[] = [];
    for (let pair = 1; pair <= pairs; pair++) {
      const saved = await measure({ ...what, store, pair });
      benches.push(saved);
      if (what.system !== 'null') inTurn.push(compareBenches([saved], demands));
      say(`pair ${pair}: ${inTurn.at(-1)?.reason ?? 'measured'}\n`);
    }
    const apart = benches.slice(1).map((after, at) => {
      const before = benches[at] ?? after;
      return compareBenches([before, after], demands);
    });
    if (inTurn.length > 0) sayShare('in turn', inTurn);
    sayShare('apart', apart);
  } finally {
    if (keep === '') rmSync(store, { recursive: true, force: true });
  }
}

const demands = { gates: [], figures: [] } as const;

interface Measurement {
  readonly system: string;
  readonly as: string;
  readonly rounds: number;
  readonly concurrency: number;
  readonly time: string;
  readonly store: string;
  readonly pair: number;
}

async function measure(wanted: Measurement): Promise<SavedBench> {
  const { system, as, rounds, concurrency, time, store, pair } = wanted;
  const flags = { rounds, concurrency, time, store, world: 'local', seed: pair };
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = join(import.meta.dirname, '../../bin/dtest.js');
  const names = system === 'null' ? [system] : [system, as];
  const command = [program, 'bench', ...names, ...words, '--quiet', '--json'];
  const { stdout } = await execa(process.execPath, command, { timeout: 1_200_000 });
  const { path } = JSON.parse(stdout) as { readonly path: string };
  const bench = JSON.parse(readFileSync(join(path, 'bench.json'), 'utf8')) as Bench;
  return { bench, path, label: `pair ${pair}` };
}

function sayShare(basis: string, comparisons: readonly Comparison[]): void {
  const alarms = comparisons.filter(({ rows }) =>
    rows.some(({ verdict }) => verdict === 'better' || verdict === 'worse'),
  ).length;
  const { low, high } = wilsonInterval(alarms, comparisons.length);
  const widths = comparisons.flatMap(({ rows }) =>
    rows
      .filter(({ figure }) => figure === 'throughput')
      .map(({ change }) => ((change?.high ?? Infinity) - (change?.low ?? -Infinity)) / 2),
  );
  const median = widths.sort((one, other) => one - other)[Math.floor(widths.length / 2)] ?? 0;
  say(
    `${basis}: ${alarms} of ${comparisons.length} pairs seem to differ (95 %: ${percent(low)} to ${percent(high)}); ` +
      `throughput told to ±${median.toFixed(1)} % (median)\n`,
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function say(text: string): void {
  process.stdout.write(text);
}

await main();
