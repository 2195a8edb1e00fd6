import { randomInt } from 'node:crypto';
import type { WorldName } from '../core/cluster.ts';
import { rngOf } from '../core/rng.ts';
import type { Mode, Plan } from '../core/run.ts';
import type { Settings, System } from '../core/system.ts';
import type { Workload } from '../core/workload.ts';
import { planFaults } from '../runner/fault-plan.ts';
import { progressBoundMs } from '../runner/liveness.ts';
import { parseThreshold } from '../runner/thresholds.ts';
import { drawConditions, steadyConditions } from '../simulator/conditions.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { bugNamed } from './bug.ts';
import { parseDuration } from './durations.ts';
import { UsageError, messageOf } from './failure.ts';
import { lookUp } from './lookup.ts';
import { type NemesisChoice, namesOf, parseNemesis } from './nemesis-choice.ts';
import type { RunFlagValues } from './run-flags.ts';
import { settingOf, settingsWith } from './settings.ts';
import { type Swarm, swarmOf } from './swarm.ts';

/** Turns what the user asked for into a plan, or says what is wrong with it before anything starts. */
export function planOf(workloadName: string, world: WorldName, flags: RunFlagValues): Plan {
  const workload = lookUp('workload', workloads, workloadName);
  const system = lookUp('system', systems, flags.system);
  refuseMismatch(workload, system);
  const timeMs = parseDuration(flags.time, '--time');
  const seed = flags.seed ?? randomInt(2 ** 32);
  const mode = modeOf(flags, world);
  const swarm = flags.swarm === 'on' ? swarmOf(seed) : null;
  // How long a cluster may take to go on depends on these: drawn, they would often outlast all faults.
  const pace = mode === 'safety' ? swarm : null;
  const settings = settingsOf(system, flags, pace);
  const timeoutMs = timeoutOf(flags, pace);
  const nodes = flags.nodes ?? swarm?.nodes ?? Math.min(5, system.mostNodes ?? Infinity);
  refuseTooMany(system, nodes);
  const usualMs = mode === 'safety' ? 5000 : 3 * progressBoundMs({ settings, timeoutMs });
  const nemesisIntervalMs = intervalOf(flags) ?? pace?.intervalMs(timeMs) ?? usualMs;
  const outside = (kind: string): string | null => system.outside?.(kind, settings) ?? null;
  const named = parseNemesis(flags.nemesis, { world, mode, outside });
  const kinds = flags.nemesis.trim() === 'all' ? (swarm?.faults(named) ?? named) : named;
  refuseWithoutQuorum(kinds, nodes);
  const thresholds = flags.threshold ?? [];
  checkThresholds(thresholds);
  const plan: Plan = {
    ...{ workload: workloadName, system: flags.system, settings, world, nodes },
    concurrency: flags.concurrency,
    rate: flags.rate,
    timeMs,
    ops: flags.ops,
    keys: flags.keys,
    opsPerKey: flags['ops-per-key'],
    readRatio: ratioOf(flags['read-ratio']),
    timeoutMs,
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
    ...(world === 'sim' ? simulated(seed, mode) : {}),
  };
  refuseBlindFailFast(plan, workload);
  return plan;
}

function simulated(seed: number, mode: Mode): Pick<Plan, 'mode' | 'conditions'> {
  const conditions = drawConditions(seed);
  return { mode, conditions: mode === 'liveness' ? steadyConditions(conditions) : conditions };
}

/** Real machines are slow at times, for which nobody could tell a system's own standstill from theirs. */
function modeOf({ mode }: RunFlagValues, world: WorldName): Mode {
  if (mode !== 'liveness') return 'safety';
  if (world === 'sim') return mode;
  throw new UsageError(`--mode liveness needs the virtual time of --world sim, got ${world}`);
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

function refuseTooMany({ name, mostNodes = Infinity }: System, nodes: number): void {
  if (nodes <= mostNodes) return;
  throw new UsageError(`expected at most ${mostNodes} nodes of ${name}, got --nodes ${nodes}`);
}

/** Every fault leaves a majority of the nodes alone, which fewer than three cannot spare a node for. */
function refuseWithoutQuorum(kinds: readonly NemesisChoice[], nodes: number): void {
  if (kinds.length === 0 || nodes >= 3) return;
  throw new UsageError(
    `expected at least 3 nodes, so that faults leave a majority, got --nodes ${nodes}; use more, or --nemesis none`,
  );
}

const leastIntervalMs = 100;

function intervalOf(flags: RunFlagValues): number | undefined {
  const text = flags['nemesis-interval'];
  if (text === undefined) return undefined;
  const intervalMs = parseDuration(text, '--nemesis-interval');
  if (intervalMs >= leastIntervalMs) return intervalMs;
  throw new UsageError(`expected --nemesis-interval of at least ${leastIntervalMs}ms, got ${text}`);
}

function timeoutOf({ timeout }: RunFlagValues, swarm: Swarm | null): number {
  return timeout === undefined ? (swarm?.timeoutMs ?? 2000) : parseDuration(timeout, '--timeout');
}

function settingsOf(system: System, flags: RunFlagValues, swarm: Swarm | null): Settings {
  const given = (flags.set ?? []).map(settingOf);
  if (flags.bug !== undefined) given.push(['bug', bugNamed(system, flags.bug).name]);
  if (flags.reads !== undefined) given.push(['reads', flags.reads]);
  if (flags.forward !== undefined) given.push(['forward', flags.forward]);
  const drawn = swarm?.settings(system.settings, Object.fromEntries(given));
  return settingsWith(system, given, drawn);
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
