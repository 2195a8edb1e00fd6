import type { Bug } from '../../core/bug.ts';
import type { Plan, Results } from '../../core/run.ts';
import { failureKindOf } from '../../runner/failure-kind.ts';
import { systems } from '../../systems/index.ts';
import { flagsOf } from '../campaign/combinations.ts';
import { commandLine } from '../command-line.ts';
import { lookUp } from '../lookup.ts';
import { planOf } from '../plan.ts';
import { simulate } from '../simulate.ts';

/** Words of `dtest run` that are tried with one seed after the other. */
export interface Hunt {
  readonly system: string;
  /** The bug that is planted; null for the same words on the system as it should be. */
  readonly bug: string | null;
  readonly words: readonly string[];
  /** Without the invariants: what convicts is what clients and observers see. */
  readonly isBlind?: boolean;
}

export interface Bounds {
  /** At most so many, from seed 1 on. */
  readonly seeds: number;
  /** Of CPU; no seed is begun after them. */
  readonly seconds: number;
  /** After the first conviction it goes on to so many seeds, to tell how likely one is. */
  readonly sample: number;
}

/** What a hunt came to. */
export interface Bag {
  readonly hunt: Hunt;
  readonly seeds: number;
  readonly invalid: number;
  readonly unknown: number;
  /** Runs that the harness could not bring to an end, with the first reason. */
  readonly broken: number;
  readonly breakdown: string | null;
  readonly seconds: number;
  readonly first: Conviction | null;
}

export interface Conviction {
  readonly seed: number;
  /** Of CPU, that seed included. */
  readonly seconds: number;
  readonly reason: string;
  /** Who convicted: a checker's name, or the invariant that did not hold. */
  readonly by: string;
  /** Repeats it. */
  readonly command: string;
}

/** A hunt for every bug of every system; those that strike all systems alike are hunted in each. */
export function huntsFor(pattern: RegExp): readonly Hunt[] {
  return Object.values(systems).flatMap(({ name: system, bugs = [] }) =>
    bugs
      .filter(({ name }) => pattern.test(`${system} ${name}`))
      .map((bug): Hunt => ({ system, bug: bug.name, words: bug.hunt })),
  );
}

/** The same once more, blind, for each conviction that rests on an invariant. */
export function huntsInTheDark(bags: readonly Bag[]): readonly Hunt[] {
  return bags
    .filter(({ first }) => first?.by.startsWith('invariant') === true)
    .map(({ hunt }) => ({ ...hunt, isBlind: true }));
}

/** The words of all hunts, each once, on the systems as they should be. */
export function huntsForNothing(hunts: readonly Hunt[]): readonly Hunt[] {
  const different = new Map(
    hunts.map(({ system, words }) => [[system, ...words].join(' '), { system, bug: null, words }]),
  );
  return [...different.values()];
}

export function bugOf({ system, bug }: Hunt): Bug | null {
  return lookUp('system', systems, system).bugs?.find(({ name }) => name === bug) ?? null;
}

/** Tries seed after seed. Deterministic but for the seconds, and for how far they reach. */
export async function goHunting(hunt: Hunt, { seeds, seconds, sample }: Bounds): Promise<Bag> {
  const planFor = await plannerFor(hunt);
  const startedMicros = cpuMicros();
  const spent = (): number => (cpuMicros() - startedMicros) / 1e6;
  let [tried, invalid, unknown, broken] = [0, 0, 0, 0];
  let breakdown: string | null = null;
  let first: Conviction | null = null;
  while (tried < (first === null ? seeds : sample) && spent() < seconds) {
    const plan = planFor(++tried);
    const results = await resultsOf(plan, hunt.isBlind === true);
    if (typeof results === 'string') {
      broken++;
      breakdown ??= `seed ${String(plan.seed)}: ${results}`;
      continue;
    }
    if (results.valid === 'unknown') unknown++;
    if (results.valid !== 'invalid') continue;
    invalid++;
    first ??= {
      ...{ seed: plan.seed, seconds: spent(), reason: results.reason },
      by: whoConvicted(results),
      command: commandLine(plan, lookUp('system', systems, plan.system).settings),
    };
  }
  return { hunt, seeds: tried, invalid, unknown, broken, breakdown, seconds: spent(), first };
}

/** Or why the run came to no end: a bug can leave a cluster that no harness can put in order. */
async function resultsOf(plan: Plan, isBlind: boolean): Promise<Results | string> {
  try {
    return (await simulate(plan, { isBlind })).results;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

const byInvariant = 'invariants: ';

function whoConvicted({ verdict }: Results): string {
  const kind = failureKindOf(verdict);
  if (kind === null) return 'nobody';
  return kind.signature.startsWith(byInvariant)
    ? `invariant: ${kind.signature.slice(byInvariant.length)}`
    : kind.checker;
}

/** One seed of a hunt, from words to plan. */
export async function plannerFor({ system, bug, words }: Hunt): Promise<(seed: number) => Plan> {
  const [workload = '', ...flagWords] = words;
  const planted = bug === null ? [] : ['--bug', bug];
  const flags = await flagsOf([...flagWords, '--system', system, '--world', 'sim', ...planted]);
  return (seed) => planOf(workload, 'sim', { ...flags, seed });
}

/** Of this thread alone. */
function cpuMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
