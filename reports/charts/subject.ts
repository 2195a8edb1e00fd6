import type { Run } from '../../core/run.ts';
import { count, plural } from '../figures.ts';
import { shorten } from '../markup/visible.ts';
import { type FaultBand, faultBands, maximumBands } from './fault-bands.ts';
import { type Observations, observe } from './observations.ts';

/** What all charts of a run share, gathered once. */
export interface Subject {
  readonly seen: Observations;
  readonly bands: readonly FaultBand[];
  /** The end of the time axis. */
  readonly endS: number;
  /** The run in one line, for subtitles. */
  readonly line: string;
}

const known = new WeakMap<Run, Subject>();

/** Goes through the history once for each run. */
export function subjectOf(run: Run): Subject {
  const before = known.get(run);
  if (before !== undefined) return before;
  const subject = gather(run);
  known.set(run, subject);
  return subject;
}

function gather(run: Run): Subject {
  const seen = observe(run.history);
  const { plan } = run;
  const cut = seen.total - seen.length;
  const hidden = new Set(seen.faults.map((event) => event.faultId)).size - maximumBands;
  const words = [
    `${shorten(run.name, 60)}: ${shorten(plan.workload, 40)} on ${shorten(plan.system, 40)}`,
    plan.world,
    plural(plan.nodes, 'node'),
    plural(plan.concurrency, 'client'),
    ...(plan.rate > 0 ? [`${count(plan.rate)} ops/s open loop`] : []),
    ...(cut > 0 ? [`first ${count(seen.length)} of ${count(seen.total)} operations`] : []),
    ...(hidden > 0 ? [`first ${count(maximumBands)} faults`] : []),
  ];
  return {
    seen,
    bands: faultBands(seen.faults, seen.lastNs),
    endS: Math.max(seen.lastNs / 1e9, 0.001),
    line: words.join(', '),
  };
}

/** `Faults: partition 3 times, kill once.` for descriptions. */
export function faultsInWords(bands: readonly FaultBand[]): string {
  if (bands.length === 0) return 'No faults.';
  const counts = new Map<string, number>();
  for (const { kind } of bands) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const words = [...counts].map(([kind, times]) => `${kind} ${plural(times, 'time')}`);
  return `Faults: ${words.join(', ')}.`;
}
