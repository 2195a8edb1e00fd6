import type { Plan } from '../../../core/run.ts';
import { plannerOf } from '../combinations.ts';

/** A few seconds of virtual time on three nodes: as much as it takes to convict what lies. */
export const smallWords = '--nodes 3 --rate 50 --time 4s --nemesis-interval 1s --swarm off'.split(
  ' ',
);

export async function smallPlan(seed: number, ...words: readonly string[]): Promise<Plan> {
  const planner = await plannerOf({ workload: 'register', words: [...smallWords, ...words] });
  return planner.planFor(seed);
}
