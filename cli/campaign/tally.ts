import {
  type Bucket,
  type FaultSummary,
  type Outcome,
  type OutcomeCounts,
  outcomes,
} from '../../reports/campaign/campaign-summary.ts';
import { type ResultLine, bitesOf, operationsOf } from './result-line.ts';

/** Figures over many runs, in memory that does not grow with their number. */
export interface Tally {
  add(line: ResultLine): void;
  done(): number;
  counts(): OutcomeCounts;
  /** Of one combination: what came of it, and how many seeds a second one thread got through. */
  combination(index: number): { readonly counts: OutcomeCounts; readonly seedsPerSecond: number };
  faults(): readonly FaultSummary[];
  operations(): { readonly ok: number; readonly fail: number; readonly info: number };
  operationsPerRun(): readonly Bucket[];
  bitesPerRun(): readonly Bucket[];
  virtualMs(): number;
  events(): number;
}

type Counter = Record<Outcome, number>;

export function tallyOf(combinations: number): Tally {
  const counts = counter();
  const parts = Array.from({ length: combinations }, () => ({ counts: counter(), wallMs: 0 }));
  const faults = new Map<string, MutableFault>();
  const operations = { ok: 0, fail: 0, info: 0 };
  const [perRun, bites] = [histogram(), histogram()];
  const total = { virtualMs: 0, events: 0 };
  return {
    add(line) {
      counts[line.outcome]++;
      const part = parts[line.combination];
      if (part !== undefined) {
        part.counts[line.outcome]++;
        part.wallMs += line.wallMs;
      }
      for (const phase of ['ok', 'fail', 'info'] as const) operations[phase] += line[phase];
      addFaults(faults, line);
      perRun.add(operationsOf(line));
      bites.add(bitesOf(line));
      total.virtualMs += line.virtualMs;
      total.events += line.events;
    },
    done: () => sumOf(counts),
    counts: () => ({ ...counts }),
    combination(index) {
      const { counts: own, wallMs } = parts[index] ?? { counts: counter(), wallMs: 0 };
      return {
        counts: { ...own },
        seedsPerSecond: wallMs === 0 ? 0 : (1000 * sumOf(own)) / wallMs,
      };
    },
    faults: () => [...faults.values()].map((each) => ({ ...each })),
    operations: () => ({ ...operations }),
    operationsPerRun: () => perRun.buckets(),
    bitesPerRun: () => bites.buckets(),
    virtualMs: () => total.virtualMs,
    events: () => total.events,
  };
}

export function sumOf(counts: OutcomeCounts): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
}

function counter(): Counter {
  return { valid: 0, invalid: 0, crashed: 0, unknown: 0 };
}

type MutableFault = { -readonly [Field in keyof FaultSummary]: FaultSummary[Field] };

function addFaults(into: Map<string, MutableFault>, line: ResultLine): void {
  for (const [fault, { injected, bit }] of Object.entries(line.faults)) {
    const sum = into.get(fault) ?? { fault, injected: 0, bit: 0, runs: 0, runsBitten: 0 };
    sum.injected += injected;
    sum.bit += bit;
    if (injected > 0) sum.runs++;
    if (bit > 0) sum.runsBitten++;
    into.set(fault, sum);
  }
}

interface Histogram {
  add(value: number): void;
  /** From the first bucket that has anything to the last. */
  buckets(): readonly Bucket[];
}

/** Counts whole numbers by buckets that begin at 0, 1, 2, 5, 10, 20, 50, and so on. */
function histogram(): Histogram {
  const runs: number[] = [];
  return {
    add(value) {
      const at = bucketOf(value);
      while (runs.length <= at) runs.push(0);
      runs[at] = (runs[at] ?? 0) + 1;
    },
    buckets() {
      const first = runs.findIndex((each) => each > 0);
      return runs
        .map((each, at) => ({ from: startOf(at), to: startOf(at + 1) - 1, runs: each }))
        .slice(Math.max(0, first));
    },
  };
}

const steps = [1, 2, 5] as const;

function startOf(bucket: number): number {
  if (bucket === 0) return 0;
  const at = bucket - 1;
  return (steps[at % steps.length] ?? 1) * 10 ** Math.floor(at / steps.length);
}

function bucketOf(value: number): number {
  let at = 0;
  while (startOf(at + 1) <= value) at++;
  return at;
}
