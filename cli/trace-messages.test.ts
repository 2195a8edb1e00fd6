import { describe, expect, it } from 'vitest';
import { isFaultEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Run } from '../core/run.ts';
import { planOf } from './plan.ts';
import { defaultFlags } from './run-flags.ts';
import { simulate } from './simulate.ts';
import { messagesAround } from './trace-messages.ts';

async function simulated(reads: string): Promise<Run> {
  const flags = { ...defaultFlags, time: '2s', rate: 200, nemesis: 'none', seed: 7, reads };
  const plan = planOf('register', 'sim', flags);
  const { conducted, results } = await simulate(plan);
  const { history } = conducted;
  return { name: 'x', path: 'x', startedAt: 'x', command: 'x', plan, facts: {}, history, results };
}

describe('the messages around a violation', () => {
  it('are recorded by running the seed once more, in the time of the run', async () => {
    const run = await simulated('local');
    expect(run.results.valid).toBe('invalid');
    const record = await messagesAround(run);
    expect(record!.windows.length).toBeGreaterThan(0);
    expect(record!.windows.length).toBeLessThanOrEqual(3);
    for (const { fromNs, toNs, messages, nodes } of record!.windows) {
      expect(nodes).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
      expect(messages.length).toBeGreaterThan(0);
      for (const { from, to, sentNs, arrivedNs, kind } of messages) {
        expect(sentNs).toBeGreaterThanOrEqual(fromNs);
        expect(sentNs).toBeLessThanOrEqual(toNs);
        if (arrivedNs !== null) expect(arrivedNs).toBeGreaterThan(sentNs);
        expect(nodes).toContain(from);
        expect(nodes).toContain(to);
        expect(kind).toMatch(/^[a-z-]+$/u);
      }
      expect(messages.some(({ arrivedNs }) => arrivedNs !== null)).toBe(true);
    }
    expect(await messagesAround(run)).toEqual(record);
  });

  it('are none of a valid run, nor of one that its seed does not give any more', async () => {
    expect(await messagesAround(await simulated('index'))).toBeNull();
    const run = await simulated('local');
    const events = [...run.history.events()].map((event) =>
      isFaultEvent(event) || event.index !== 30 ? event : { ...event, timeNs: event.timeNs + 1 },
    );
    expect(await messagesAround({ ...run, history: historyOf(events) })).toBeNull();
  });
});
