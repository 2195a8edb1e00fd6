import { Parser } from '@oclif/core';
import type { Plan } from '../../core/run.ts';
import { bundledSystems, systems } from '../../systems/index.ts';
import { workloads } from '../../workloads/index.ts';
import { UsageError } from '../failure.ts';
import { lookUp } from '../lookup.ts';
import { planOf } from '../plan.ts';
import { type RunFlagValues, runFlags } from '../run-flags.ts';

/** What all seeds of a part of a campaign have in common: a line of `dtest run` without the seed. */
export interface Combination {
  readonly workload: string;
  /** Words of `dtest run`, parsed again whenever a plan is made of them. */
  readonly words: readonly string[];
}

/** Something of which a campaign tries several values, each with each of the others. */
export interface Axis {
  /** The flag of `dtest run`; `workload` for its argument. */
  readonly flag: string;
  readonly values: readonly string[];
}

/** A combination whose words have been understood. */
export interface Planner {
  readonly combination: Combination;
  planFor(seed: number): Plan;
}

/** More are a mistake, such as a list where a range was meant. */
const mostCombinations = 1000;

/**
 * Each value of an axis with each of the others. Combinations that do not fit, such as a workload on a
 * system without its operations, are left out, as long as every value has a place in some other one;
 * what has none throws, with the first reason for it. Also tells how many were left out.
 */
export async function combine(
  axes: readonly Axis[],
): Promise<{ readonly planners: readonly Planner[]; readonly misfits: number }> {
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > mostCombinations) {
    throw new UsageError(
      `expected at most ${mostCombinations} combinations of values, got ${size}; run several campaigns`,
    );
  }
  const planners: Planner[] = [];
  const refusals = new Map<string, Error>();
  const placed = new Set<string>();
  for (const choice of choices(axes)) {
    const marks = [...choice].map(markOf);
    try {
      planners.push(await plannerOf(combinationOf(choice)));
      for (const mark of marks) placed.add(mark);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      for (const mark of marks) if (!refusals.has(mark)) refusals.set(mark, error);
    }
  }
  for (const [mark, error] of refusals) if (!placed.has(mark)) throw error;
  return { planners, misfits: size - planners.length };
}

/** Understands a combination; throws what `dtest run` would say of it. */
export async function plannerOf(combination: Combination): Promise<Planner> {
  const { workload, words } = combination;
  const flags = await flagsOf(words);
  const planFor = (seed: number): Plan => planOf(workload, 'sim', { ...flags, seed });
  const { system } = planFor(0);
  if (lookUp('system', systems, system).protocolWith === undefined) {
    throw new UsageError(
      `the system "${system}" is a program of others, which cannot be simulated; use dtest run`,
    );
  }
  return { combination, planFor };
}

/** What `dtest run` would make of these words. */
export async function flagsOf(words: readonly string[]): Promise<RunFlagValues> {
  const { flags } = await Parser.parse([...words], { flags: runFlags, strict: true });
  return flags;
}

type Choice = ReadonlyMap<string, string>;

/** In the order of the axes, the last one changing fastest. */
function choices(axes: readonly Axis[]): readonly Choice[] {
  return axes.reduce<readonly Choice[]>(
    (found, { flag, values }) =>
      found.flatMap((choice) => values.map((value) => new Map([...choice, [flag, value]]))),
    [new Map()],
  );
}

function markOf([flag, value]: readonly [string, string]): string {
  return `${flag} ${value}`;
}

function combinationOf(choice: Choice): Combination {
  const words = [...choice].flatMap(([flag, value]) => {
    if (flag === 'workload') return [];
    return flag.startsWith('set ') ? ['--set', `${flag.slice(4)}=${value}`] : [`--${flag}`, value];
  });
  return { workload: choice.get('workload') ?? 'register', words };
}

/** `a,b` → two values; `all` is every one that there is. */
export function axisOf(flag: string, text: string, separator = ','): Axis {
  const values = text.split(separator).map((value) => value.trim());
  if (values.includes('')) {
    throw new UsageError(
      `expected --${flag} to be values between "${separator}", got ${JSON.stringify(text)}`,
    );
  }
  return { flag, values: [...new Set(values.flatMap((value) => spelledOut(flag, value)))] };
}

function spelledOut(flag: string, value: string): readonly string[] {
  if (value !== 'all') return [value];
  if (flag === 'system') return Object.keys(bundledSystems);
  return flag === 'workload' ? Object.keys(workloads) : [value];
}

/** `--set reads=index,lease` is an axis of its own. */
export function settingAxis(text: string): Axis {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`expected --set name=value, got "${text}"`);
  return axisOf(`set ${text.slice(0, at)}`, text.slice(at + 1));
}
