import { planOf } from '../../cli/plan.ts';
import { type RunFlagValues, defaultFlags } from '../../cli/run-flags.ts';
import type { Plan } from '../../core/run.ts';

/** The run that the goal speaks of: five raft nodes, ten clients, about 1,000 operations in a minute. */
const goal = { rate: 17, time: '60s', nemesis: 'partition,kill,pause' };

export function planFor(seed: number, other: Partial<RunFlagValues> = {}): Plan {
  return planOf('register', 'sim', { ...defaultFlags, ...goal, seed, ...other });
}
