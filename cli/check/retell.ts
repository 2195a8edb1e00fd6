import type { CheckContext } from '../../core/checker.ts';
import { type HistoryEvent, isFaultEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { ChosenChecker } from './choose-checker.ts';
import { visitEvents } from './event-visit.ts';
import type { OpenedHistory } from './opened-history.ts';

/** Events that are kept to work out evidence; more would make the memory grow with the file after all. */
const mostEvents = 200_000;

/** Steps for that: the verdict is there already, so its evidence must not take longer than it did. */
const mostSteps = 1_000_000;

/** What was convicted while it was read, and where. */
export interface Conviction {
  readonly verdict: Verdict;
  /** Events up to the one that convicted. */
  readonly events: number;
}

/**
 * A violation that showed while the file was read comes without what led to it, which was not kept. The
 * file is still there: its events up to the violation are read again, those of the failing key alone,
 * and judged whole. The verdict stays as it is where they are too many, or where time is over.
 */
export async function retell(
  { verdict, events: count }: Conviction,
  { checker, names }: ChosenChecker,
  history: OpenedHistory,
  context: CheckContext & { readonly signal: AbortSignal },
): Promise<Verdict> {
  const key = keyOf(verdict);
  if (names.length > 1 || key === null) return verdict;
  const kept: HistoryEvent[] = [];
  let seen = 0;
  const { stopped } = await visitEvents(history.events(), context, (event) => {
    if (!isFaultEvent(event) && event.key === key.key) kept.push(event);
    return ++seen < count && kept.length <= mostEvents;
  });
  if (seen < count || kept.length > mostEvents) return verdict;
  if (stopped !== null && stopped !== 'by its visitor') return verdict;
  const { maxSteps = mostSteps } = context;
  const again = await checker.check(historyOf(kept), {
    ...context,
    maxSteps: Math.min(maxSteps, mostSteps),
  });
  if (again.valid !== 'invalid') return verdict;
  const { failures = [], problems } = again.details ?? {};
  const { problems: _, ...figures } = verdict.details ?? {};
  const told = { ...figures, failures, ...(problems === undefined ? {} : { problems }) };
  return { ...verdict, summary: again.summary, details: told };
}

/** The key that the failure is about, which may be none; null where the evidence does not say. */
function keyOf({ checker, details }: Verdict): { readonly key: Json | undefined } | null {
  if (checker !== 'linearizable') return null;
  const [failure] = (details?.failures ?? []) as readonly JsonObject[];
  const [operation] = (failure?.operations ?? []) as readonly JsonObject[];
  return operation === undefined ? null : { key: operation.key ?? undefined };
}
