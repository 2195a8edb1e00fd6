import type { OpEvent } from '../../core/event.ts';
import { phaseCodes, phaseNames } from '../journal/codes.ts';
import type { Columns } from '../journal/columns.ts';
import { isRead } from './places.ts';
import { found } from './timed.ts';

/**
 * The events of the operations at these places, in order of time. Clocks of two threads agree within
 * well below a microsecond, and from a call to its effect and from there to its end messages pass
 * through the system, so no order comes out that did not hold where it matters.
 */
export function* eventsAt(columns: Columns, places: Uint32Array): Iterable<OpEvent> {
  const { callNs, endNs, phase } = columns;
  // Moments of calls and ends, each with its place: 2 × place for a call, one more for an end.
  const moments = new Float64Array(2 * places.length);
  let count = 0;
  for (const [place, at] of places.entries()) {
    moments[count++] = 2 * place;
    if (endNs[at] !== Infinity) moments[count++] = 2 * place + 1;
  }
  const timeOf = (moment: number): number =>
    (moment % 2 === 0 ? callNs : endNs)[places[Math.floor(moment / 2)] ?? 0] ?? 0;
  // At the same moment calls come first: the operations overlap.
  const inOrder = moments
    .subarray(0, count)
    .sort((one, other) => timeOf(one) - timeOf(other) || (one % 2) - (other % 2));
  for (const [index, moment] of inOrder.entries()) {
    const at = places[Math.floor(moment / 2)] ?? 0;
    const when = { index, timeNs: timeOf(moment) };
    yield moment % 2 === 0
      ? { ...calledAt(columns, at), ...when, phase: 'invoke' }
      : { ...endedAt(columns, at), ...when, phase: phaseNames[phase[at] ?? 3] ?? 'info' };
  }
}

type Event = Omit<OpEvent, 'index' | 'timeNs' | 'phase'>;

function calledAt(columns: Columns, at: number): Event {
  const { process, key, value, dueNs } = columns;
  const reads = isRead(columns, at);
  return {
    ...{ process: process[at] ?? 0, op: reads ? 'read' : 'write', key: key[at] ?? 0 },
    value: reads ? null : (value[at] ?? 0),
    dueNs: dueNs[at] ?? 0,
  };
}

function endedAt(columns: Columns, at: number): Event {
  const { phase, result, error, words } = columns;
  const { dueNs: _, ...event } = calledAt(columns, at);
  if (phase[at] !== phaseCodes.ok) return { ...event, error: words[error[at] ?? 0] ?? '' };
  return event.op === 'read' ? { ...event, value: found(result[at] ?? -1) } : event;
}
