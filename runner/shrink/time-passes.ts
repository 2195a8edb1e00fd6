import type { Plan, PlannedFault } from '../../core/run.ts';
import type { Pass, Search } from './search.ts';

/** Shorter silences between one thing that the plan lets happen and the next. */
export const gapsPass: Pass<Plan> = { name: 'silences', run: shorterGaps };

/** Shorter faults. */
export const durationsPass: Pass<Plan> = { name: 'durations', run: shorterFaults };

/** A silence shorter than this is left as it is. */
const leastGapMs = 250;

async function shorterGaps(search: Search<Plan>): Promise<void> {
  // From the end, so that what was tried before keeps its times.
  const moments = momentsIn(search.best());
  for (let at = moments.length - 1; at >= 0; at--) {
    const fromMs = moments[at - 1] ?? 0;
    const gapMs = (moments[at] ?? 0) - fromMs;
    for (const keptMs of [100, gapMs / 2]) {
      const cutMs = Math.floor(gapMs - keptMs);
      if (gapMs < leastGapMs || cutMs <= 0) break;
      if (await search.attempt(earlier(search.best(), { afterMs: fromMs, cutMs }))) break;
    }
  }
}

/** When something begins or ends, in order. */
function momentsIn({ operations = [], faults }: Plan): number[] {
  const moments = [
    ...operations.map(({ atNs }) => atNs / 1e6),
    ...faults.flatMap(({ atMs, durationMs }) => [atMs, atMs + durationMs]),
  ];
  return moments.toSorted((a, b) => a - b);
}

/** All that begins after a moment comes sooner; a fault that lasts over it is as much shorter. */
function earlier(
  plan: Plan,
  { afterMs, cutMs }: { readonly afterMs: number; readonly cutMs: number },
): Plan {
  const moved = (ms: number): number => (ms > afterMs ? ms - cutMs : ms);
  const faults = plan.faults.map((planned): PlannedFault => {
    const atMs = moved(planned.atMs);
    return { ...planned, atMs, durationMs: moved(planned.atMs + planned.durationMs) - atMs };
  });
  const operations = (plan.operations ?? []).map((each) => ({
    ...each,
    atNs: Math.round(moved(each.atNs / 1e6) * 1e6),
  }));
  return { ...plan, operations, faults, timeMs: plan.timeMs - cutMs };
}

const shortestFaultMs = 100;

async function shorterFaults(search: Search<Plan>): Promise<void> {
  for (const at of search.best().faults.keys()) {
    for (;;) {
      const durationMs = search.best().faults[at]?.durationMs ?? 0;
      const halfMs = Math.max(shortestFaultMs, Math.floor(durationMs / 2));
      if (halfMs >= durationMs || !(await search.attempt(lasting(search.best(), at, halfMs))))
        break;
    }
  }
}

function lasting(plan: Plan, at: number, durationMs: number): Plan {
  const planned = plan.faults[at];
  if (planned === undefined) return plan;
  return { ...plan, faults: plan.faults.with(at, { ...planned, durationMs }) };
}
