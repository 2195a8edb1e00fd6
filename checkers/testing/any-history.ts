import fc from 'fast-check';
import type { Key, OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';

/** An operation and the answer it gets should it succeed. */
export interface Exchange {
  readonly op: string;
  readonly key?: Key;
  readonly value: Json;
  readonly answer: Json;
}

const outcomes = fc.constantFrom('ok', 'ok', 'ok', 'ok', 'fail', 'info', 'open' as const);

/**
 * Any history of up to three clients at a time: answers come as they please, some operations fail,
 * crash (a new process takes the client's place) or stay open to the end.
 */
export function anyHistory(exchange: fc.Arbitrary<Exchange>, steps = 24): fc.Arbitrary<OpEvent[]> {
  const step = fc.record({ client: fc.nat(2), exchange, outcome: outcomes });
  return fc.array(step, { maxLength: steps }).map((all) => {
    const events: OpEvent[] = [];
    const processes = [0, 1, 2];
    const running = new Map<number, Exchange>();
    const push = (event: Omit<OpEvent, 'index' | 'timeNs'>): void => {
      events.push({ index: events.length, timeNs: events.length * 1000, ...event });
    };
    for (const { client, exchange: next, outcome } of all) {
      const process = processes[client]!;
      const current = running.get(client);
      if (current === undefined) {
        const { answer: _answer, ...asked } = next;
        running.set(client, next);
        push({ process, phase: 'invoke', ...asked });
        continue;
      }
      running.delete(client);
      const { answer, ...asked } = current;
      if (outcome !== 'open') {
        const value = outcome === 'ok' ? answer : asked.value;
        push({ process, phase: outcome, ...asked, value });
      }
      if (outcome === 'info' || outcome === 'open') processes[client] = process + 3;
    }
    return events;
  });
}
