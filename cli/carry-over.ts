import type { WorldName } from '../core/cluster.ts';
import type { Plan } from '../core/run.ts';
import { nemeses } from '../nemesis/index.ts';
import { calmConditions } from '../simulator/conditions.ts';
import { systems } from '../systems/index.ts';
import { plural } from '../reports/figures.ts';
import { UsageError } from './failure.ts';
import { lookUp } from './lookup.ts';

/** A plan for another world, and what of it that world has no means for, a line each. */
export interface CarriedOver {
  readonly plan: Plan;
  readonly left: readonly string[];
}

/**
 * Takes a plan to another world: operations and faults at the same times after the start. The rest of
 * what happens there is that world's own.
 */
export function carryOver(plan: Plan, world: WorldName): CarriedOver {
  if (plan.world === world) return { plan, left: [] };
  refuseOutsider(plan, world);
  const { conditions, ...rest } = plan;
  const fits = (kind: string): boolean => nemeses[kind]?.worlds?.includes(world) ?? true;
  const kindOf = (name: string): string => name.split(':')[0] ?? name;
  const left = [
    ...faultsLeft(plan, fits, world),
    ...(conditions === undefined ? [] : [`the simulated ${wordsOf(conditions)}`]),
    ...(world === 'sim' ? [`delays of network, disks and clocks, which are calm in sim`] : []),
  ];
  return {
    plan: {
      ...rest,
      world,
      nemesis: plan.nemesis.filter((name) => fits(kindOf(name))),
      faults: plan.faults.filter(({ kind }) => fits(kind)),
      ...(world === 'sim' ? { conditions: calmConditions } : {}),
    },
    left,
  };
}

function refuseOutsider({ system }: Plan, world: WorldName): void {
  if (world !== 'sim' || lookUp('system', systems, system).protocolWith !== undefined) return;
  throw new UsageError(
    `the system "${system}" is a program of others, which cannot be simulated; use --world docker or local`,
  );
}

function faultsLeft({ faults }: Plan, fits: (kind: string) => boolean, world: WorldName): string[] {
  const counts = new Map<string, number>();
  for (const { kind } of faults) if (!fits(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => {
    const where = (nemeses[kind]?.worlds ?? []).join(' or ');
    return `${plural(count, `${kind} fault`)}, which ${world} cannot make (only ${where})`;
  });
}

/** `network (0.2–20 ms, loss 3 %), disks (…) and clocks (…)`, as far as they are not calm. */
function wordsOf({ network, disk, clocks }: NonNullable<Plan['conditions']>): string {
  const share = (name: string, value: number): string[] =>
    value === 0 ? [] : [`${name} ${(100 * value).toFixed(1)} %`];
  const flaws = [
    `${network.delayMs.join('–')} ms`,
    ...share('loss', network.loss),
    ...share('duplication', network.duplication),
    ...share('reordering', network.reordering),
  ];
  const parts = [
    `network (${flaws.join(', ')})`,
    `disks (a sync takes ${disk.syncMs.join('–')} ms)`,
    ...share('clocks that drift up to', clocks.drift),
  ];
  return parts.join(', ');
}
