import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { simulate } from '../../cli/simulate.ts';
import { planFor } from './plans.ts';

export interface HeapAfter {
  readonly runs: number;
  readonly heapMb: number;
}

/** What is left on the heap after so many runs, seen ten times on the way. */
export async function memoryOver(runs: number, time = '5s'): Promise<readonly HeapAfter[]> {
  const seen: HeapAfter[] = [];
  const every = Math.ceil(runs / 10);
  for (let run = 1; run <= runs; run++) {
    await simulate(planFor(run, { time, 'nemesis-interval': '1s' }));
    if (run % every === 0) seen.push({ runs: run, heapMb: heapMb() });
  }
  return seen;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMb(): number {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 17) / 8;
}
