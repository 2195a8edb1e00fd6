import { type FaultEvent, type HistoryEvent, isFaultEvent } from '../core/event.ts';
import type { History } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Fault } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Plan, PlannedFault, PlannedOperation } from '../core/run.ts';

/** A run that was recorded: its plan, its history, and when its main phase ended. */
export interface Recorded {
  readonly plan: Plan;
  readonly history: History;
  readonly mainEndNs: number;
}

/**
 * The plan of a run with nothing of it left to the workload's draws: the operations that clients sent in
 * the main phase, and the faults that were put in force, with their targets. Taking some of either out
 * leaves the others as they were. The final operations are drawn anew: they depend on what happened.
 *
 * Faults of whoever leads ask anew who that is, unless they are to stay with the nodes that they hit.
 */
export function laidDown(
  { plan, history, mainEndNs }: Recorded,
  leaders: 'anew' | 'as they were' = 'anew',
): Plan {
  const operations: PlannedOperation[] = [];
  const struck = new Map<number, PlannedFault>();
  for (const event of history.events()) {
    if (isFaultEvent(event)) {
      const planned = plan.faults[event.faultId];
      if (planned === undefined) continue;
      if (event.phase === 'begin') {
        struck.set(event.faultId, struckBy(event, planned, leaders === 'anew'));
      }
      if (event.phase === 'failed') struck.delete(event.faultId);
    } else if (event.phase === 'invoke' && event.timeNs < mainEndNs) {
      operations.push(operationOf(event, plan.concurrency));
    }
  }
  const faults = [...struck.values()];
  return { ...plan, rate: 0, ops: 0, operations: plan.operations ?? operations, faults };
}

function operationOf(
  { process, timeNs, op, key, value }: Exclude<HistoryEvent, FaultEvent>,
  concurrency: number,
): PlannedOperation {
  const worker = process % concurrency;
  return { atNs: timeNs, worker, op, ...(key === undefined ? {} : { key }), value };
}

/** A fault that had to wait for room strikes in the repetition when it struck. */
const waitedMs = 50;

function struckBy(
  { timeNs, value }: FaultEvent,
  planned: PlannedFault,
  isAnew: boolean,
): PlannedFault {
  const struckMs = timeNs / 1e6;
  const atMs = struckMs - planned.atMs < waitedMs ? planned.atMs : struckMs;
  const fault = isAnew && planned.variant.includes('leader') ? null : faultIn(planned, value);
  return { ...planned, atMs, ...(fault === null ? {} : { fault }) };
}

/** Null in histories written by older versions, which do not say enough. */
function faultIn({ kind, variant }: PlannedFault, value: Json): Fault | null {
  const about = value as JsonObject;
  if (about.data === undefined) return null;
  return {
    ...{ kind, variant, targets: about.targets as readonly NodeId[] },
    ...{ summary: about.summary as string, data: about.data as JsonObject },
    ...(about.alone === true ? { alone: true } : {}),
  };
}
