import type { Bench, BenchCell, BenchRound, Load } from '../../core/bench.ts';
import { count, plural, rate } from '../figures.ts';
import { shorten } from '../markup/visible.ts';
import { type Estimate, estimateOf, factorEstimateOf } from './estimate.ts';
import { type Latencies, latenciesOf } from './latencies.ts';

/** A cell with what its rounds came to. */
export interface MeasuredCell {
  readonly cell: BenchCell;
  readonly rounds: readonly BenchRound[];
  /** Successful operations a second. */
  readonly throughput: Estimate | null;
  /** Geometric means over the rounds. */
  readonly p50Ms: Estimate | null;
  readonly p99Ms: Estimate | null;
  /** Of all rounds together. */
  readonly latencies: Latencies | null;
  /** Share of operations that did not succeed, or were never sent; NaN without any. */
  readonly errorShare: number;
  /** Why some round says more about the load generator than about the system; null where none does. */
  readonly limitedBy: string | null;
}

/** Cells that differ in subject and load alone, and so belong into one picture. */
export interface Group {
  /** What they have in common, in words. */
  readonly name: string;
  readonly cells: readonly MeasuredCell[];
}

const known = new WeakMap<Bench, readonly MeasuredCell[]>();

/** In the bench's order. Worked out once for each bench: histograms take their time. */
export function measuredCells(bench: Bench): readonly MeasuredCell[] {
  const before = known.get(bench);
  if (before !== undefined) return before;
  const byCell = Map.groupBy(bench.rounds, ({ cell }) => cell);
  const measured = bench.cells.map((cell) => measure(cell, byCell.get(cell.id) ?? []));
  known.set(bench, measured);
  return measured;
}

function measure(cell: BenchCell, rounds: readonly BenchRound[]): MeasuredCell {
  const each = rounds.map((round) => latenciesOf([round]));
  const over = (percentile: number): Estimate | null =>
    factorEstimateOf(
      each.flatMap((latencies) => (latencies === null ? [] : [latencies.at(percentile)])),
    );
  let [ok, rest] = [0, 0];
  for (const { counts, unissued } of rounds) {
    ok += counts.ok;
    rest += counts.fail + counts.info + unissued;
  }
  const limited = rounds.find(({ generator }) => generator.limitedBy !== null);
  return {
    ...{ cell, rounds, p50Ms: over(50), p99Ms: over(99), latencies: latenciesOf(rounds) },
    throughput: estimateOf(rounds.map(({ counts, measuredMs }) => (1000 * counts.ok) / measuredMs)),
    errorShare: rest / (ok + rest),
    limitedBy: limited?.generator.limitedBy ?? null,
  };
}

/** What was varied beside subject and load tells one group from the next; in the bench's order. */
export function groupsOf(measured: readonly MeasuredCell[]): Group[] {
  const groups = Map.groupBy(measured, ({ cell }) => conditionsOf(cell));
  return [...groups].map(([name, cells]) => ({ name, cells }));
}

function conditionsOf(cell: BenchCell): string {
  const { world, nodes, load, mix, keys, valueBytes, fault } = cell;
  return [
    `${world}, ${String(nodes)} nodes`,
    `mix ${shorten(mix.name, 24)}`,
    `values of ${count(valueBytes)} B`,
    `${keys.distribution} over ${count(keys.count)} keys`,
    load.kind === 'open' ? `open loop, ${load.arrivals} arrivals` : 'closed loop',
    ...(fault === null ? [] : [`fault ${shorten(fault, 30)}`]),
  ].join(', ');
}

/** The same for labels that have no room: `64`, `5,000/s`. */
export function loadWord(load: Load): string {
  return load.kind === 'closed' ? count(load.clients) : rate(load.rate);
}

/** `64 clients`, `5,000/s`. */
export function loadName(load: Load): string {
  return load.kind === 'closed' ? plural(load.clients, 'client') : rate(load.rate);
}

/** How much is asked of the system: clients of a closed loop, the rate of an open one. */
export function loadSize(load: Load): number {
  return load.kind === 'closed' ? load.clients : load.rate;
}

export function subjectsIn(cells: readonly MeasuredCell[]): string[] {
  return [...new Set(cells.map(({ cell }) => cell.subject))];
}
