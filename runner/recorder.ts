import type { Clock } from '../core/clock.ts';
import type { FaultEvent, HistoryEvent, OpEvent } from '../core/event.ts';
import { type History, historyOf } from '../core/history.ts';
import type { EventSink } from './test.ts';

/** Gives every event its place and time, and keeps it in memory and in the sink. */
export interface Recorder {
  /** Nanoseconds since the run's start. */
  readonly nowNs: () => number;
  op(event: Omit<OpEvent, 'index' | 'timeNs'>): OpEvent;
  fault(event: Omit<FaultEvent, 'index' | 'timeNs' | 'process'>): FaultEvent;
  /** Resolves when all recorded so far is safe. */
  flush(): Promise<void>;
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  history(): History;
}

export function recorderTo(
  sink: EventSink,
  clock: Clock,
  onEvent: (event: HistoryEvent) => void = () => undefined,
): Recorder {
  const startNs = clock.nowNs();
  const events: HistoryEvent[] = [];
  const counts = { ok: 0, fail: 0, info: 0 };
  const keep = <Kept extends HistoryEvent>(event: Kept): Kept => {
    events.push(event);
    sink.append(event);
    onEvent(event);
    return event;
  };
  const nowNs = (): number => clock.nowNs() - startNs;
  return {
    nowNs,
    op(event) {
      if (event.phase !== 'invoke') counts[event.phase]++;
      return keep({ index: events.length, timeNs: nowNs(), ...event });
    },
    fault: (event) => keep({ index: events.length, timeNs: nowNs(), process: 'nemesis', ...event }),
    flush: () => sink.flush(),
    counts,
    history: () => historyOf(events),
  };
}
