import type { Plan, Results } from '../core/run.ts';
import { type Conducted, conduct } from '../runner/conduct.ts';
import { judge } from '../runner/judge.ts';
import type { EventSink, Watcher } from '../runner/test.ts';
import type { Trace } from '../simulator/trace.ts';
import { simulatedWorld } from '../simulator/world.ts';
import { testOf } from './test-of.ts';
import { lookUp } from './lookup.ts';
import { workloads } from '../workloads/index.ts';

/** A simulated run and what it came to; nothing of it is on disk. */
export interface Simulated {
  readonly conducted: Conducted;
  readonly results: Results;
  /** Virtual nanoseconds that it took, and events of the simulation. */
  readonly virtualNs: number;
  readonly events: number;
}

/** Who looks on while it runs. */
export interface Onlookers {
  readonly watcher?: Watcher;
  readonly trace?: Trace;
  /** Nobody looks into the nodes: what convicts then is what can be seen from outside. */
  readonly isBlind?: boolean;
  /** As `SimulationOptions` has it. */
  readonly isWary?: boolean;
}

/** Conducts and judges a plan in memory: for campaigns, shrinking and benchmarks. */
export async function simulate(
  plan: Plan,
  { watcher = {}, trace, isBlind = false, isWary = false }: Onlookers = {},
): Promise<Simulated> {
  const world = simulatedWorld({ trace, isWary });
  const { time } = world;
  const planned = testOf({ plan, world, keep: false }, { runId: 'simulated', workDir: '' });
  const test = isBlind ? { ...planned, system: { ...planned.system, invariants: [] } } : planned;
  const conducted = await time.run(() => conduct(test, sinkOf(trace), watcher));
  const workload = lookUp('workload', workloads, plan.workload);
  const results = await judge(plan, conducted, workload.checker(plan), {});
  return { conducted, results, virtualNs: time.nowNs(), events: time.events() };
}

/** The conductor keeps the events itself. */
function sinkOf(trace: Trace | undefined): EventSink {
  return {
    append: (event) => trace?.note('the history', 'gets', JSON.stringify(event)),
    flush: () => Promise.resolve(),
  };
}
