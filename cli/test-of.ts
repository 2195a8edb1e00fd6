import type { Plan } from '../core/run.ts';
import type { World } from '../core/system.ts';
import { nemeses } from '../nemesis/index.ts';
import type { Test } from '../runner/test.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { lookUp } from './lookup.ts';
import { ownerMark } from './owner.ts';
import { realClock } from './real-clock.ts';

export interface TestRequest {
  readonly plan: Plan;
  readonly world: World;
  readonly keep: boolean;
}

/** Puts together the parts that a plan names. */
export function testOf(
  { plan, world, keep }: TestRequest,
  { runId, workDir }: { readonly runId: string; readonly workDir: string },
): Test {
  const kinds = new Set(plan.faults.map(({ kind }) => kind));
  return {
    plan,
    world,
    system: lookUp('system', systems, plan.system),
    workload: lookUp('workload', workloads, plan.workload),
    nemeses: new Map([...kinds].map((kind) => [kind, lookUp('fault', nemeses, kind)])),
    clock: world.time?.clock ?? realClock,
    cluster: { runId, owner: ownerMark(), keep, workDir },
  };
}
