import { randomInt } from 'node:crypto';
import type { Load } from '../../core/bench.ts';
import type { WorldName } from '../../core/cluster.ts';
import type { System } from '../../core/system.ts';
import type { Distribution } from '../../load/keys/key-source.ts';
import { type MixEntry, mixOfRatio, mixes } from '../../load/mixes.ts';
import { leastValueBytes } from '../../load/values.ts';
import type { Axes } from '../../runner/bench/cells.ts';
import { type Threshold, parseThreshold } from '../../runner/thresholds.ts';
import { parseDuration } from '../durations.ts';
import { UsageError, messageOf } from '../failure.ts';
import { lookUp } from '../lookup.ts';
import type { BenchFlagValues } from './flags.ts';
import { type FaultChoice, faultChoices } from './fault-choices.ts';
import { isIdle } from './idle-systems.ts';
import { measurable, subjectsOf } from './subjects.ts';

/** What is to be measured, and how; checked as far as can be before anything starts. */
export interface BenchRequest extends Omit<Axes, 'faults'> {
  /** Null is steady state. */
  readonly faults: readonly (FaultChoice | null)[];
  readonly objectives: readonly Objective[];
  readonly timeMs: number;
  readonly rounds: number;
  readonly timeoutMs: number;
  readonly seed: number;
}

/** An objective, and where the search for its rate begins. */
export interface Objective {
  readonly threshold: Threshold;
  readonly firstRate: number;
  readonly clients: number;
  readonly arrivals: 'poisson' | 'constant';
}

const leastTimeMs = 1000;
const usualClients = '1,16,64';
/** In an open loop clients are only what can be under way at once. */
const usualOpenClients = '256';
const usualFirstRate = 500;

export function requestOf(
  words: readonly string[],
  world: WorldName,
  flags: BenchFlagValues,
): BenchRequest {
  refuseSim(world);
  const named = [...words, ...list(flags.system)];
  const subjects = subjectsOf(named.length === 0 ? ['raft'] : named, flags.set ?? []);
  const systems = subjects.map(({ system }) => lookUp('system', measurable, system));
  const timeMs = parseDuration(flags.time, '--time');
  if (timeMs < leastTimeMs)
    throw new UsageError(`expected --time of at least 1s, got ${flags.time}`);
  const entries = [...new Set(list(flags.workload))].map(mixNamed);
  const nodes = nodesOf(flags, systems);
  const faults = faultChoices(flags.nemesis, { world, systems, nodes, subjects });
  refuseMisfits(systems);
  return {
    ...{ subjects, world, nodes, faults, timeMs },
    loads: loadsOf(flags),
    mixes:
      entries.length > 0
        ? entries.map(({ name, shares }) => ({ name, shares }))
        : numbers(flags['read-ratio'] ?? '0.5', '--read-ratio', { least: 0, most: 1 }).map(
            mixOfRatio,
          ),
    keys: { distribution: distributionOf(flags, entries), count: flags.keys },
    valueBytes: integers(flags['value-size'], '--value-size', {
      ...{ least: leastValueBytes, most: 1 << 20 },
    }),
    objectives: objectivesOf(flags),
    rounds: flags.rounds,
    timeoutMs: parseDuration(flags.timeout, '--timeout'),
    seed: flags.seed ?? randomInt(2 ** 32),
  };
}

function refuseSim(world: WorldName): void {
  if (world !== 'sim') return;
  throw new UsageError(
    'expected --world docker or local, got sim: on virtual time an operation takes what the simulator was told it takes, so there is nothing to measure; dtest run --world sim tests, npm run bench:sim measures the simulator itself',
  );
}

const usualNodes = 3;

/** As many as is usual, where no system takes fewer; what does nothing needs one node to do it. */
function nodesOf({ nodes }: BenchFlagValues, systems: readonly System[]): readonly number[] {
  const isSmall = ({ name, mostNodes }: System): boolean =>
    mostNodes === 1 || isIdle({ system: name });
  const counts =
    nodes === undefined
      ? [systems.every(isSmall) ? 1 : usualNodes]
      : integers(nodes, '--nodes', { least: 1, most: 49 });
  const most = Math.max(...counts);
  const small = systems.find(({ mostNodes = Infinity }) => mostNodes < most);
  if (small === undefined) return counts;
  throw new UsageError(
    `expected at most ${small.mostNodes ?? most} node of the system "${small.name}", got ${nodes ?? `${most}, the usual`}; say --nodes 1`,
  );
}

/** All that load does is read and write. */
function refuseMisfits(systems: readonly System[]): void {
  for (const { name, operations } of systems) {
    const missing = ['read', 'write'].filter((op) => !operations.includes(op));
    if (missing.length === 0) continue;
    throw new UsageError(
      `a benchmark reads and writes keys, and the system "${name}" has no ${missing.join(' and no ')} (it has ${operations.join(', ')})`,
    );
  }
}

/** With an objective alone, there is only the search for it. */
function loadsOf(flags: BenchFlagValues): readonly Load[] {
  const { rate, concurrency, slo = [], arrivals } = flags;
  if (slo.length > 0) return [];
  if (rate === undefined) {
    return clientsOf(concurrency ?? usualClients).map((clients) => ({ kind: 'closed', clients }));
  }
  const rates = numbers(rate, '--rate', { least: 1, most: 1e6 });
  return clientsOf(concurrency ?? usualOpenClients).flatMap((clients) =>
    rates.map((each): Load => ({
      ...{ kind: 'open', clients, rate: each },
      arrivals: arrivals === 'constant' ? 'constant' : 'poisson',
    })),
  );
}

function objectivesOf({ slo = [], rate, concurrency, arrivals }: BenchFlagValues): Objective[] {
  const [firstRate = usualFirstRate] =
    rate === undefined ? [] : numbers(rate, '--rate', { least: 1, most: 1e6 });
  const clients = Math.max(...clientsOf(concurrency ?? usualOpenClients));
  return [...new Set(slo)].map((text) => {
    try {
      const threshold = parseThreshold(text);
      refuseRate(threshold);
      return {
        ...{ threshold, firstRate, clients },
        arrivals: arrivals === 'constant' ? 'constant' : 'poisson',
      };
    } catch (error) {
      throw new UsageError(`--slo: ${messageOf(error)}`);
    }
  });
}

/** More load has to make an objective harder to meet, or there is nothing to search for. */
function refuseRate({ text, operator }: Threshold): void {
  if (operator.startsWith('<')) return;
  throw new Error(
    `expected an objective for latencies or errors, such as 'p99<20ms', got "${text}"; what is searched for is the rate itself`,
  );
}

function clientsOf(text: string): readonly number[] {
  return integers(text, '--concurrency', { least: 1, most: 10_000 });
}

function mixNamed(name: string): MixEntry {
  return lookUp(
    'workload of a benchmark',
    Object.fromEntries(mixes.map((each) => [each.name, each])),
    name,
  );
}

/** Of several workloads the keys are one and the same choice, so they must agree or be told. */
function distributionOf(
  { distribution }: BenchFlagValues,
  entries: readonly MixEntry[],
): Distribution {
  if (distribution !== undefined) return distribution as Distribution;
  const own = [...new Set(entries.map((entry) => entry.distribution))];
  if (own.length <= 1) return own[0] ?? 'uniform';
  throw new UsageError(
    `expected workloads with one distribution of keys, got ${entries.map(({ name, distribution: each }) => `${name} (${each})`).join(', ')}; say --distribution, or run them one after the other`,
  );
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function numbers(text: string, flag: string, { least, most }: Bounds): readonly number[] {
  const values = list(text).map(Number);
  if (values.length > 0 && values.every((each) => each >= least && each <= most)) {
    return [...new Set(values)];
  }
  throw new UsageError(
    `expected ${flag} to be numbers from ${least} to ${most}, comma separated, got "${text}"`,
  );
}

function integers(text: string, flag: string, bounds: Bounds): readonly number[] {
  const values = numbers(text, flag, bounds);
  if (values.every(Number.isInteger)) return values;
  throw new UsageError(`expected ${flag} to be whole numbers, got "${text}"`);
}
