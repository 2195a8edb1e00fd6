import type { OpGenerator } from '../core/generator.ts';
import type { Plan } from '../core/run.ts';
import type { Workload } from '../core/workload.ts';
import { arrivals, timeLimit } from '../generators/combinators.ts';
import { recorded } from '../generators/recorded.ts';
import type { Test } from './test.ts';

/**
 * The main phase's operations: those that the plan lays down, or the workload's own, until the time is
 * over. With a rate the workload's own fall due at Poisson arrivals, whoever is busy.
 */
export function paced({ plan, workload }: Test): OpGenerator {
  return timeLimit(plan.timeMs * 1e6, plannedOrDrawn(plan, workload));
}

function plannedOrDrawn(plan: Plan, workload: Workload): OpGenerator {
  const { operations, concurrency, rate } = plan;
  if (operations !== undefined) return recorded(operations, concurrency);
  const inner = workload.generator(plan);
  if (rate === 0) return inner;
  return arrivals({ opsPerSecond: rate, poisson: true, startNs: 0, inner });
}
