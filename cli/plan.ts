import { randomInt } from 'node:crypto';
import type { WorldName } from '../core/cluster.ts';
import type { Nemesis } from '../core/nemesis.ts';
import { rngOf } from '../core/rng.ts';
import type { Plan } from '../core/run.ts';
import type { SettingSpec, Settings, System } from '../core/system.ts';
import type { Workload } from '../core/workload.ts';
import { nemeses } from '../nemesis/index.ts';
import { planFaults } from '../runner/fault-plan.ts';
import { parseThreshold } from '../runner/thresholds.ts';
import { drawConditions } from '../simulator/conditions.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { bugNamed } from './bug.ts';
import { parseDuration } from './durations.ts';
import { UsageError, messageOf } from './failure.ts';
import { lookUp } from './lookup.ts';
import type { RunFlagValues } from './run-flags.ts';

/** Turns what the user asked for into a plan, or says what is wrong with it before anything starts. */
export function planOf(workloadName: string, world: WorldName, flags: RunFlagValues): Plan {
  const workload = lookUp('workload', workloads, workloadName);
  const system = lookUp('system', systems, flags.system);
  refuseMismatch(workload, system);
  const timeMs = parseDuration(flags.time, '--time');
  const nemesisIntervalMs = intervalOf(flags['nemesis-interval']);
  const seed = flags.seed ?? randomInt(2 ** 32);
  const kinds = parseNemesis(flags.nemesis, world);
  refuseWithoutQuorum(kinds, flags.nodes);
  const thresholds = flags.threshold ?? [];
  checkThresholds(thresholds);
  const plan: Plan = {
    workload: workloadName,
    system: flags.system,
    settings: settingsOf(system, flags),
    world,
    nodes: flags.nodes,
    concurrency: flags.concurrency,
    rate: flags.rate,
    timeMs,
    ops: flags.ops,
    keys: flags.keys,
    opsPerKey: flags['ops-per-key'],
    readRatio: ratioOf(flags['read-ratio']),
    timeoutMs: parseDuration(flags.timeout, '--timeout'),
    nemesis: kinds.flatMap(namesOf),
    nemesisIntervalMs,
    seed,
    faults: planFaults({
      kinds,
      timeMs,
      intervalMs: nemesisIntervalMs,
      rng: rngOf(seed, 'faults'),
    }),
    thresholds,
    failFast: flags['fail-fast'],
    ...(world === 'sim' ? { conditions: drawConditions(seed) } : {}),
  };
  refuseBlindFailFast(plan, workload);
  return plan;
}

/** A workload needs operations; a system that does not understand them cannot be tested with it. */
function refuseMismatch(workload: Workload, system: System): void {
  const missing = workload.operations.filter((op) => !system.operations.includes(op));
  if (missing.length === 0) return;
  throw new UsageError(
    `the workload "${workload.name}" needs ${missing.join(', ')}, which the system "${system.name}" does not understand (it has ${system.operations.join(', ')})`,
  );
}

function refuseBlindFailFast(plan: Plan, workload: Workload): void {
  if (plan.failFast !== true || workload.checker(plan).stream !== undefined) return;
  throw new UsageError(
    `the workload "${workload.name}" can only be judged when it is over; leave out --fail-fast`,
  );
}

/** Every fault leaves a majority of the nodes alone, which fewer than three cannot spare a node for. */
function refuseWithoutQuorum(kinds: readonly NemesisChoice[], nodes: number): void {
  if (kinds.length === 0 || nodes >= 3) return;
  throw new UsageError(
    `expected at least 3 nodes, so that faults leave a majority, got --nodes ${nodes}; use more, or --nemesis none`,
  );
}

const leastIntervalMs = 100;

function intervalOf(text: string): number {
  const intervalMs = parseDuration(text, '--nemesis-interval');
  if (intervalMs >= leastIntervalMs) return intervalMs;
  throw new UsageError(`expected --nemesis-interval of at least ${leastIntervalMs}ms, got ${text}`);
}

export interface NemesisChoice {
  readonly nemesis: Nemesis;
  readonly variants: readonly string[];
}

/** `partition,kill:leader` → each kind with the variants to use; `all` and `none` are what they say. */
export function parseNemesis(text: string, world: WorldName): NemesisChoice[] {
  if (text.trim() === 'none') return [];
  const wanted = text.split(',').map((part) => part.trim());
  if (wanted.includes('none')) {
    throw new UsageError(`expected --nemesis none or faults, got both in "${text}"`);
  }
  const named = wanted.includes('all') ? namesIn(world) : wanted;
  const choices = new Map<Nemesis, Set<string>>();
  for (const part of named) {
    const [kind = '', variant] = part.split(':');
    const nemesis = lookUp('fault', nemeses, kind);
    refuseElsewhere(nemesis, world);
    if (variant !== undefined && !nemesis.variants.includes(variant)) {
      throw new UsageError(
        `expected a shape of ${kind} (${nemesis.variants.join(', ')}), got "${variant}"`,
      );
    }
    const chosen = choices.get(nemesis) ?? new Set();
    for (const each of variant === undefined ? nemesis.variants : [variant]) chosen.add(each);
    choices.set(nemesis, chosen);
  }
  // In the order of the fault's own list, so that a seed gives the same plan however they were named.
  return [...choices].map(([nemesis, chosen]) => ({
    nemesis,
    variants: nemesis.variants.filter((variant) => chosen.has(variant)),
  }));
}

function namesIn(world: WorldName): readonly string[] {
  return Object.keys(nemeses).filter(
    (name) => isOf(world, nemeses[name]) && nemeses[name]?.outside === undefined,
  );
}

function isOf(world: WorldName, nemesis: Nemesis | undefined): boolean {
  return nemesis?.worlds?.includes(world) ?? true;
}

function refuseElsewhere(nemesis: Nemesis, world: WorldName): void {
  if (isOf(world, nemesis)) return;
  throw new UsageError(
    `the fault "${nemesis.name}" needs --world ${(nemesis.worlds ?? []).join(' or ')}, got ${world}`,
  );
}

/** As the user would name it: the kind alone where all its shapes are used. */
function namesOf({ nemesis, variants }: NemesisChoice): string[] {
  const all = nemesis.variants.every((variant) => variants.includes(variant));
  return all ? [nemesis.name] : variants.map((variant) => `${nemesis.name}:${variant}`);
}

function settingsOf(system: System, flags: RunFlagValues): Settings {
  const given: [string, string][] = (flags.set ?? []).map((pair) => {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`expected --set name=value, got "${pair}"`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  if (flags.bug !== undefined) given.push(['bug', bugNamed(system, flags.bug).name]);
  if (flags.reads !== undefined) given.push(['reads', flags.reads]);
  if (flags.forward !== undefined) given.push(['forward', flags.forward]);
  const known = Object.fromEntries(system.settings.map((spec) => [spec.name, spec]));
  for (const [name, value] of given) {
    refuseValue(lookUp(`setting of ${system.name}`, known, name), value);
  }
  const defaults = system.settings.map((spec): [string, string] => [spec.name, spec.default]);
  return Object.fromEntries([...defaults, ...given]);
}

/** A node that cannot read its settings would end before it is ready, and say so only in its log. */
function refuseValue({ name, values, default: standard }: SettingSpec, value: string): void {
  const isNumber = values.length === 0 && Number.isFinite(Number(standard));
  if (isNumber ? /^[1-9]\d*$/.test(value) : values.length === 0 || values.includes(value)) return;
  const wanted = isNumber ? 'a whole number of at least 1' : `one of ${values.join(', ')}`;
  throw new UsageError(`expected the setting ${name} to be ${wanted}, got "${value}"`);
}

function ratioOf(text: string): number {
  const ratio = Number(text);
  if (text.trim() === '' || !(ratio >= 0 && ratio <= 1)) {
    throw new UsageError(`expected --read-ratio to be from 0 to 1, got "${text}"`);
  }
  return ratio;
}

function checkThresholds(texts: readonly string[]): void {
  for (const text of texts) {
    try {
      parseThreshold(text);
    } catch (error) {
      throw new UsageError(messageOf(error));
    }
  }
}
