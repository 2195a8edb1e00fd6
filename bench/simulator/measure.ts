import { simulate } from '../../cli/simulate.ts';
import type { Plan } from '../../core/run.ts';
import { median } from '../statistics.ts';

/** What runs cost, each figure the median over them. Time is that of this process on all cores. */
export interface Figures {
  readonly runs: number;
  readonly cpuMs: number;
  readonly leastCpuMs: number;
  readonly events: number;
  readonly operations: number;
  readonly virtualMs: number;
}

/** Runs one plan after the other; the first `warmUp` of them do not count. */
export async function measure(plans: readonly Plan[], warmUp: number): Promise<Figures> {
  const samples = [];
  for (const plan of plans) samples.push(await sampleOf(plan));
  const counted = samples.slice(warmUp);
  const middle = (of: (sample: Sample) => number): number => median(counted.map(of));
  return {
    runs: counted.length,
    cpuMs: middle(({ cpuMs }) => cpuMs),
    leastCpuMs: Math.min(...counted.map(({ cpuMs }) => cpuMs)),
    events: middle(({ events }) => events),
    operations: middle(({ operations }) => operations),
    virtualMs: middle(({ virtualMs }) => virtualMs),
  };
}

export function eventsPerSecond({ events, cpuMs }: Figures): number {
  return (1000 * events) / cpuMs;
}

interface Sample {
  readonly cpuMs: number;
  readonly events: number;
  readonly operations: number;
  readonly virtualMs: number;
}

async function sampleOf(plan: Plan): Promise<Sample> {
  const before = process.cpuUsage();
  const { results, events, virtualNs } = await simulate(plan);
  const { user, system } = process.cpuUsage(before);
  const { ok, fail, info } = results.stats.counts;
  return {
    ...{ cpuMs: (user + system) / 1000, events, virtualMs: virtualNs / 1e6 },
    operations: ok + fail + info,
  };
}
