import { type HistoryEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Run } from '../../core/run.ts';
import { invalidRun, staleRead } from './invalid-run.ts';

/** A run in which every value that can come from outside is this one. */
export function hostileRun(value: string): Run {
  const run = invalidRun({ ops: 60, seconds: 3 });
  const events = [...run.history.events()].map((event): HistoryEvent => {
    if (event.process === 'nemesis')
      return { ...event, fault: value, value: { summary: value, variant: value } };
    return {
      ...event,
      op: value,
      value,
      node: value,
      ...(event.phase === 'info' ? { error: value } : {}),
    };
  });
  const { stats, faults } = run.results;
  const failure = poisoned(staleRead, value) as JsonObject;
  return {
    ...run,
    name: value,
    path: value,
    startedAt: value,
    command: value,
    plan: {
      ...run.plan,
      workload: value,
      system: value,
      settings: { [value]: value },
      nemesis: [value],
    },
    facts: { [value]: { [value]: [value] } },
    history: historyOf(events),
    results: {
      ...run.results,
      reason: value,
      verdict: {
        checker: value,
        valid: 'invalid',
        summary: value,
        details: { failures: [failure, { strange: value }], [value]: value },
        parts: [{ checker: value, valid: 'unknown', summary: value }],
      },
      faults: faults.map((each) => ({ ...each, fault: value, effects: { [value]: value } })),
      stats: {
        ...stats,
        byOp: { [value]: { ok: 1, fail: 0, info: 0, latencyMs: stats.latencyMs } },
      },
      thresholds: [{ text: value, measured: Number.NaN, met: false }],
    },
  };
}

/** Phases stay, since they are not free text; a failure without them would not be drawn at all. */
function poisoned(json: Json | undefined, value: string): Json {
  if (typeof json === 'string') return value;
  if (json === undefined || json === null || typeof json !== 'object') return json ?? null;
  if (Array.isArray(json)) return json.map((each: Json) => poisoned(each, value));
  const entries = Object.entries(json as JsonObject);
  return Object.fromEntries(
    entries.map(([name, each]) => [
      name,
      name === 'phase' ? (each ?? null) : poisoned(each, value),
    ]),
  );
}
