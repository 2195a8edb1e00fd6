import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../core/event.ts';
import { firstOf, visitEvents } from './event-visit.ts';

function* endless(): Generator<HistoryEvent> {
  for (let index = 0; ; index++) {
    yield { index, timeNs: index, process: index, phase: 'invoke', op: 'read', value: null };
  }
}

const never = new AbortController().signal;

describe('visitEvents', () => {
  it('goes to the end', async () => {
    const seen: number[] = [];
    const visit = await visitEvents(firstOf(endless(), 3), { signal: never }, ({ index }) => {
      seen.push(index);
      return true;
    });
    expect([visit, seen]).toEqual([{ count: 3, stopped: null }, [0, 1, 2]]);
  });

  it('stops when its visitor has seen enough', async () => {
    const visit = await visitEvents(endless(), { signal: never }, ({ index }) => index < 9);
    expect(visit).toEqual({ count: 10, stopped: 'by its visitor' });
  });

  it('lets signals and timers have their turn, and stops when asked to', async () => {
    const stop = new AbortController();
    // A timer cannot fire while events are visited without a pause.
    setTimeout(() => stop.abort(), 0);
    const told: number[] = [];
    const onEvents = (count: number): void => void told.push(count);
    const visit = await visitEvents(endless(), { signal: stop.signal, onEvents }, () => true);
    expect(visit.stopped).toBe('by its signal');
    expect(told.at(-1)).toBe(visit.count);
  });
});
