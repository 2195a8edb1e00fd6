import type { HistoryEvent } from '../core/event.ts';
import type { Run } from '../core/run.ts';
import { sameData } from '../core/same-data.ts';
import { nodeIds } from '../core/node-id.ts';
import type { MessageRecord } from '../reports/messages/message-record.ts';
import { type MessageCollector, messageCollector } from '../reports/messages/collect.ts';
import { suspicionsOf } from '../reports/operations/suspects.ts';
import type { Trace } from '../simulator/trace.ts';
import { simulate } from './simulate.ts';

/** Violations whose messages are recorded: the first ones say it all, and a run's folder stays small. */
const mostWindows = 3;

/**
 * The messages around the violations of a simulated run: its seed is run once more, with somebody who
 * looks at them. Null where there is nothing to record, or where the seed no longer gives the same
 * history, because the program has changed since.
 */
export async function messagesAround(run: Run): Promise<MessageRecord | null> {
  const { plan, results } = run;
  if (plan.world !== 'sim' || results.valid !== 'invalid') return null;
  const suspicions = suspicionsOf(results.verdict).slice(0, mostWindows);
  if (suspicions.length === 0) return null;
  const collector = messageCollector(suspicions, nodeIds(plan.nodes));
  const { conducted } = await simulate(plan, { trace: traceInto(collector) });
  return isSame(conducted.history.events(), run.history.events()) ? collector.finish() : null;
}

/** The simulation's time begins before the run's: the first event of the history tells by how much. */
function traceInto(collector: MessageCollector): Trace {
  let nowNs = 0;
  let startNs: number | null = null;
  const runNs = (): number => nowNs - (startNs ?? Infinity);
  return {
    event: (_, timeNs) => void (nowNs = timeNs),
    draw: () => undefined,
    note(who, what, content) {
      if (typeof content !== 'string') return;
      if (what === 'gets') startNs ??= nowNs - (JSON.parse(content) as HistoryEvent).timeNs;
      if (what === 'logs') collector.logs(who, runNs(), content);
    },
    carries(from, to, message) {
      const arrived = collector.sends({ from, to }, runNs(), message);
      return () => arrived(runNs());
    },
  };
}

function isSame(again: Iterable<HistoryEvent>, saved: Iterable<HistoryEvent>): boolean {
  const others = saved[Symbol.iterator]();
  for (const event of again) {
    const other = others.next();
    if (other.done === true || !sameData(event, other.value)) return false;
  }
  return others.next().done === true;
}
