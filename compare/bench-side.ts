import type { Bench, BenchCell, BenchRound, FailedRound } from '../core/bench.ts';
import { mergeValidity } from '../core/verdict.ts';
import { quantiles } from './figures.ts';
import { distributionOf } from './histogram.ts';
import type { Rounds, Side } from './sides.ts';

export interface BenchSideOptions {
  readonly label: string;
  readonly path: string;
  /** Takes the cells of this subject alone. */
  readonly subject?: string;
  /** Whether cells match only with those of a subject of the same name. */
  readonly named: boolean;
}

/** A saved benchmark, or one of its subjects, as something to compare. */
export function benchSide(bench: Bench, { label, path, subject, named }: BenchSideOptions): Side {
  const cells = bench.cells.filter((cell) => subject === undefined || cell.subject === subject);
  const own = new Set(cells.map(({ id }) => id));
  const rounds = bench.rounds.filter(({ cell }) => own.has(cell));
  const most = Math.max(0, ...bench.rounds.map(({ round }) => round));
  return {
    ...{ label, paths: [path], startedAt: bench.startedAt, command: bench.command },
    // Nothing was wrong with nothing, which is not the same as right.
    valid:
      rounds.length === 0 ? 'unknown' : mergeValidity(rounds.map(({ verdict }) => verdict.valid)),
    cells: cells.map((cell) => ({
      name: subject === undefined ? cell.id : conditionsOf(cell),
      key: keyOf(cell, named),
      rounds: figuresByRound(
        rounds.filter((round) => round.cell === cell.id),
        most,
      ),
      flaws: flawsOf(
        rounds.filter((round) => round.cell === cell.id),
        (bench.failures ?? []).filter((each) => each.cell === cell.id),
      ),
    })),
  };
}

export function subjectsOf({ cells }: Bench): readonly string[] {
  return [...new Set(cells.map(({ subject }) => subject))];
}

/** Everything that was varied but the subject, which is what may differ. */
function keyOf(
  { subject, world, nodes, load, mix, keys, ...rest }: BenchCell,
  named: boolean,
): string {
  const { valueBytes, fault } = rest;
  const conditions = [world, nodes, load, mix.shares, keys, valueBytes, fault];
  return JSON.stringify(named ? [subject, ...conditions] : conditions);
}

/** `raft n3 c64 r0.5` without the subject, which has a column of its own. */
function conditionsOf({ id, subject }: BenchCell): string {
  return id.startsWith(`${subject} `) ? id.slice(subject.length + 1) : id;
}

/** By number up to the last of the benchmark, so that round i of one stands beside round i of another. */
function figuresByRound(rounds: readonly BenchRound[], most: number): Rounds {
  const told = new Map(rounds.map((each) => [each.round, figuresOf(each)]));
  const names = new Set([...told.values()].flatMap((each) => Object.keys(each)));
  const numbers = Array.from({ length: most }, (_, at) => at + 1);
  return Object.fromEntries(
    [...names].map((name) => [name, numbers.map((number) => told.get(number)?.[name] ?? null)]),
  );
}

type FiguresOfRound = Readonly<Record<string, number | null>>;

function figuresOf(round: BenchRound): FiguresOfRound {
  const { counts, unissued, measuredMs, latencies, costs } = round;
  const all = counts.ok + counts.fail + counts.info + unissued;
  const perKind = Object.entries(latencies).map(([op, each]) => latencyFigures(`${op}.`, [each]));
  return {
    throughput: (1000 * counts.ok) / measuredMs,
    ...latencyFigures('', Object.values(latencies)),
    ...(Object.assign({}, ...perKind) as FiguresOfRound),
    errors: all === 0 ? null : (100 * (all - counts.ok)) / all,
    ...faultFigures(round),
    ...(costs ?? {}),
  };
}

function latencyFigures(prefix: string, encoded: readonly string[]): FiguresOfRound {
  const told = distributionOf(encoded);
  if (told === null) return {};
  const percentiles = Object.entries(quantiles).map(([name, percentile]) => [
    `${prefix}${name}`,
    told.percentileMs(percentile),
  ]);
  const rest = prefix === '' ? { max: told.maxMs, mean: told.meanMs } : {};
  return { ...rest, ...(Object.fromEntries(percentiles) as FiguresOfRound) };
}

/** A round with a fault from which it never recovered has no figure for that, and says so as a flaw. */
function faultFigures({ faults }: BenchRound): FiguresOfRound {
  if (faults.length === 0) return {};
  const recoveries = faults.map(({ recoveredAfterMs }) => recoveredAfterMs);
  return {
    withoutService: Math.max(...faults.map(({ withoutServiceMs }) => withoutServiceMs)),
    recovery: recoveries.includes(null) ? null : Math.max(...recoveries.map((each) => each ?? 0)),
  };
}

function flawsOf(
  rounds: readonly BenchRound[],
  failures: readonly FailedRound[],
): readonly string[] {
  const count = (is: (round: BenchRound) => boolean): number => rounds.filter(is).length;
  const limited = rounds.find(({ generator }) => generator.limitedBy !== null);
  const invalid = rounds.find(({ verdict }) => verdict.valid === 'invalid');
  const parts: readonly (readonly [number, string])[] = [
    [
      count(({ generator }) => generator.limitedBy !== null),
      `limited by the load generator (${limited?.generator.limitedBy ?? ''})`,
    ],
    [
      count(({ verdict }) => verdict.valid === 'invalid'),
      `answered wrongly (${invalid?.verdict.reason ?? ''})`,
    ],
    [
      count(({ unissued }) => unissued > 0),
      'left operations unsent that were due, so their latencies are worse than shown',
    ],
    [
      count(({ faults }) => faults.some(({ recoveredAfterMs }) => recoveredAfterMs === null)),
      'never got back to 90 % of the throughput before the fault',
    ],
    [count(({ counts }) => counts.ok === 0), 'saw no success'],
  ];
  const told = parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} of ${rounds.length} rounds ${what}`);
  if (failures.length === 0) return told;
  const attempts = rounds.length + failures.length;
  const why = failures[0]?.why ?? '';
  return [`${failures.length} of ${attempts} rounds could not be measured (${why})`, ...told];
}
