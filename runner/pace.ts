import type { OpGenerator } from '../core/generator.ts';
import { arrivals, timeLimit } from '../generators/combinators.ts';
import type { Test } from './test.ts';

/**
 * The main phase's operations: the workload's own, or a saved run's, until the time is over. With a
 * rate they fall due at Poisson arrivals, whoever is busy.
 */
export function paced({ plan, workload, generator }: Test): OpGenerator {
  const inner = generator ?? workload.generator(plan);
  const openLoop = plan.rate > 0 && generator === undefined;
  return timeLimit(
    plan.timeMs * 1e6,
    openLoop ? arrivals({ opsPerSecond: plan.rate, poisson: true, startNs: 0, inner }) : inner,
  );
}
