import type { Run } from '../../core/run.ts';
import { isWatched } from '../records.ts';
import { rolesChart } from '../roles/roles.ts';
import type { ChartDefinition } from './definition.ts';
import { latencyQuantiles } from './latency-quantiles.ts';
import { latencyRaw } from './latency-raw.ts';
import { subjectOf } from './subject.ts';
import { throughput } from './throughput.ts';

const known = new WeakMap<Run, readonly ChartDefinition[]>();

/** The charts of a run, in the order in which they are shown. Worked out once for each run. */
export function chartsOf(run: Run): readonly ChartDefinition[] {
  const before = known.get(run);
  if (before !== undefined) return before;
  const subject = subjectOf(run);
  const roles = isWatched(run) ? rolesChart(subject, run.sightings) : null;
  const charts = [
    throughput(subject),
    latencyQuantiles(subject),
    latencyRaw(subject),
    ...(roles === null ? [] : [roles]),
  ];
  known.set(run, charts);
  return charts;
}
