import type { Bench, BenchCell, BenchRound, ObjectiveFound } from '../../core/bench.ts';
import { count, digits, duration, plural } from '../../reports/figures.ts';
import { oneLine } from '../../reports/markup/one-line.ts';
import { type Column, textTable } from '../../reports/text-table.ts';
import { statsOf } from './objective.ts';

/** Of why a round could not be measured; `bench.json` has all of it. */
const longestReason = 500;

const columns: readonly Column[] = [
  { title: 'cell' },
  { title: 'ops/s', right: true },
  { title: '±', right: true },
  { title: 'p50', right: true },
  { title: 'p99', right: true },
  { title: 'max', right: true },
  { title: 'errors', right: true },
  { title: 'generator', right: true },
  { title: 'messages', right: true },
  { title: 'fsyncs', right: true },
  { title: 'verdict' },
];

/** How a benchmark came to its end. */
export interface BenchEnding {
  readonly path: string;
  /** By Ctrl-C. */
  readonly brokenOff: boolean;
  /** Why there is no report, or null where there is one. */
  readonly problem: string | null;
}

/** The result for a person: a line a cell, then what needs words. */
export function benchText(bench: Bench, { path, brokenOff, problem }: BenchEnding): string {
  const measured = bench.cells
    .map((cell) => ({ cell, rounds: bench.rounds.filter((round) => round.cell === cell.id) }))
    .filter(({ rounds }) => rounds.length > 0);
  const rows = measured.map(({ cell, rounds }) => rowOf(cell, rounds));
  return [
    ...(brokenOff ? [`ended early, after ${plural(bench.rounds.length, 'round')}`] : []),
    ...(rows.length === 0 ? ['nothing was measured'] : [textTable(columns, rows)]),
    ...faultLines(measured),
    ...bench.objectives.map(objectiveLine),
    ...verdictLines(bench.rounds),
    ...limitLines(bench.rounds),
    ...failureLines(bench),
    '',
    `saved   ${path}/bench.json`,
    ...(bench.rounds.length === 0 ? [] : [`report  ${problem ?? `${path}/bench-report.html`}`]),
    `repeat  ${bench.command}`,
  ].join('\n');
}

function rowOf(cell: BenchCell, rounds: readonly BenchRound[]): readonly string[] {
  const stats = rounds.map(statsOf);
  const over = (of: (each: (typeof stats)[number]) => number): number => meanOf(stats.map(of));
  const throughputs = stats.map(({ throughput }) => throughput);
  const costs = rounds.flatMap((round) => (round.costs === null ? [] : [round.costs]));
  const errors = rounds.reduce((sum, { counts }) => sum + counts.fail + counts.info, 0);
  return [
    cell.id,
    digits(meanOf(throughputs)),
    spreadOf(throughputs),
    duration(over(({ latencyMs }) => latencyMs.p50)),
    duration(over(({ latencyMs }) => latencyMs.p99)),
    duration(Math.max(...stats.map(({ latencyMs }) => latencyMs.max))),
    count(errors),
    `${digits(100 * meanOf(rounds.map(({ generator }) => generator.cpuShare)))} %`,
    costs.length === 0 ? '–' : digits(meanOf(costs.map(({ messages }) => messages))),
    costs.length === 0 ? '–' : digits(meanOf(costs.map(({ fsyncs }) => fsyncs))),
    verdictOf(rounds),
  ];
}

/** Half the distance between the slowest and the fastest round, as a share of their mean. */
function spreadOf(values: readonly number[]): string {
  if (values.length < 2) return '–';
  const share = (Math.max(...values) - Math.min(...values)) / 2 / meanOf(values);
  return `${digits(100 * share)} %`;
}

function verdictOf(rounds: readonly BenchRound[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of rounds) {
    counts.set(verdict.valid, (counts.get(verdict.valid) ?? 0) + 1);
  }
  if (counts.size === 1) return rounds[0]?.verdict.valid ?? '';
  return [...counts].map(([valid, times]) => `${times} ${valid}`).join(', ');
}

function faultLines(
  measured: readonly { readonly cell: BenchCell; readonly rounds: readonly BenchRound[] }[],
): string[] {
  return measured.flatMap(({ cell, rounds }) => {
    const faults = rounds.flatMap((round) => round.faults);
    if (faults.length === 0) return [];
    const back = faults.flatMap(({ recoveredAfterMs }) =>
      recoveredAfterMs === null ? [] : [recoveredAfterMs],
    );
    const recovered =
      back.length < faults.length
        ? `back at 90 % in ${back.length} of ${faults.length} rounds`
        : `back at 90 % after ${duration(meanOf(back))}`;
    const without = meanOf(faults.map(({ withoutServiceMs }) => withoutServiceMs));
    const errors = meanOf(faults.map((fault) => fault.errors));
    return [
      `${cell.id}: ${duration(without)} without service, ${recovered}, ${digits(errors)} errors`,
    ];
  });
}

function verdictLines(rounds: readonly BenchRound[]): string[] {
  const wrong = rounds.filter(({ verdict }) => verdict.valid !== 'valid');
  const byReason = Map.groupBy(wrong, ({ verdict }) => `${verdict.valid}: ${verdict.reason}`);
  return [...byReason].map(([reason, all]) => {
    const [first] = all;
    const more = all.length > 1 ? ` and ${plural(all.length - 1, 'other round')}` : '';
    return `${first?.cell ?? ''}, round ${first?.round ?? 0}${more}: ${reason}`;
  });
}

function objectiveLine(objective: ObjectiveFound): string {
  const { subject, objective: text, rate, tried } = objective;
  const found = rate === null ? 'at none of the rates' : `up to ${count(rate)} operations/s`;
  const rates = plural(new Set(tried.map((each) => each.rate)).size, 'rate');
  const where = [subject, objective.conditions ?? ''].filter((each) => each !== '');
  return `${where.join(' ')} meets ${text} ${found} (${rates} tried)`;
}

/** A line a cell, so that a cluster that never starts does not hide the others. */
function failureLines(bench: Bench): string[] {
  return [...Map.groupBy(bench.failures ?? [], ({ cell }) => cell)].map(
    ([cell, all]) =>
      `✗ ${cell}: ${plural(all.length, 'round')} could not be measured: ${oneLine(all[0]?.why ?? '', longestReason)}`,
  );
}

/** Figures that the generator limited say little about the system. */
function limitLines(rounds: readonly BenchRound[]): string[] {
  const limited = rounds.filter(({ generator }) => generator.limitedBy !== null);
  const byCell = Map.groupBy(limited, ({ cell }) => cell);
  return [...byCell].map(
    ([cell, all]) =>
      `${cell}: limited by the generator in ${plural(all.length, 'round')}: ${all[0]?.generator.limitedBy ?? ''}`,
  );
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((sum, each) => sum + each, 0) / values.length;
}
