import { availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

/** What a table was measured on. */
export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  /** Mean number of processes that wanted a core in the last minute. */
  readonly load: number;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: platform(),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    node: process.version,
  };
}

export function describeMachine(machine: Machine): string {
  const { date, processor, cores, memoryGb, load, node } = machine;
  return (
    `${date}, ${processor}, ${cores} cores, ${memoryGb} GB, ${machine.platform}, ` +
    `Node.js ${node}, load ${load} at the start`
  );
}
