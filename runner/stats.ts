import { type OpEvent, isFaultEvent } from '../core/event.ts';
import type { History } from '../core/history.ts';
import type { OpStats, RunStats } from '../core/run.ts';
import { type Latencies, latencies } from './latencies.ts';

interface Tally {
  ok: number;
  fail: number;
  info: number;
  readonly latency: Latencies;
}

const newTally = (): Tally => ({ ok: 0, fail: 0, info: 0, latency: latencies() });

/**
 * Counts and latencies of everything that was invoked before `untilNs`, the end of the main phase.
 * Latencies are those of successful operations, from when each was due.
 */
export function runStats(history: History, untilNs: number, unissued = 0): RunStats {
  const all = newTally();
  const byOp = new Map<string, Tally>();
  const open = new Map<number, OpEvent>();
  for (const event of history.events()) {
    if (isFaultEvent(event)) continue;
    if (event.phase === 'invoke') {
      if (event.timeNs <= untilNs) open.set(event.process, event);
      continue;
    }
    const invoke = open.get(event.process);
    if (invoke === undefined) continue;
    open.delete(event.process);
    const own = byOp.get(event.op) ?? newTally();
    byOp.set(event.op, own);
    for (const tally of [all, own]) count(tally, invoke, event);
  }
  // An operation without any end is as unknown as one that timed out.
  for (const { op } of open.values()) {
    all.info++;
    const own = byOp.get(op) ?? newTally();
    own.info++;
    byOp.set(op, own);
  }
  return {
    durationMs: untilNs / 1e6,
    counts: { ok: all.ok, fail: all.fail, info: all.info },
    unissued,
    byOp: Object.fromEntries([...byOp].sort(byName).map(([op, tally]) => [op, statsOf(tally)])),
    throughput: untilNs > 0 ? all.ok / (untilNs / 1e9) : 0,
    latencyMs: all.latency.stats(),
  };
}

function count(tally: Tally, invoke: OpEvent, complete: OpEvent): void {
  if (complete.phase === 'invoke') return;
  tally[complete.phase]++;
  if (complete.phase !== 'ok') return;
  tally.latency.record(complete.timeNs - (invoke.dueNs ?? invoke.timeNs));
}

function statsOf({ ok, fail, info, latency }: Tally): OpStats {
  return { ok, fail, info, latencyMs: latency.stats() };
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
