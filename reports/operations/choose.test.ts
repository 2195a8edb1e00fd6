import { describe, expect, it } from 'vitest';
import type { HistoryEvent, OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import { faultBands } from '../charts/fault-bands.ts';
import { type Observations, observe } from '../charts/observations.ts';
import { choose } from './choose.ts';
import type { Suspicion } from './suspects.ts';

/** An operation each millisecond that lasts as long; some fail, one is slow, one never ends. */
function longHistory(length: number): Observations {
  const events: HistoryEvent[] = [];
  for (let at = 0; at < length; at++) {
    const shared = { index: 0, process: at, op: 'read', key: at % 50, value: null };
    const call: OpEvent = { ...shared, timeNs: at * 1e6, phase: 'invoke' };
    events.push(call);
    if (at === 777) continue;
    const phase = at % 1000 === 5 ? 'fail' : 'ok';
    const lastedNs = at === 4321 ? 9e8 : 9e5;
    events.push({ ...call, phase, timeNs: call.timeNs + lastedNs });
  }
  const [fault, value] = ['kill', { summary: 'n1 killed' }];
  for (const [phase, timeS] of [
    ['begin', 6],
    ['active', 6.01],
    ['heal', 8],
    ['end', 8.01],
  ] as const)
    events.push({
      ...{ index: 0, timeNs: timeS * 1e9, process: 'nemesis', phase, fault, faultId: 0, value },
    });
  return observe(historyOf(events));
}

const seen = longHistory(12_000);
const bands = faultBands(seen.faults, seen.lastNs);
const suspicion: Suspicion = {
  ...{ name: '1: key 7', key: '7', fromNs: 2e9, toNs: 3e9 },
  ...{ focusFromNs: 2.9e9, focusToNs: 2.91e9, blamed: [], operations: [] },
};
const limit = 2000;
const chosen = choose(seen, { suspicions: [suspicion], bands, limit });
const places = new Set(chosen.places);

describe('the choice of operations for a page', () => {
  it('takes all where there is room, and then has no rules to tell', () => {
    const all = choose(seen, { suspicions: [], bands, limit: 12_000 });
    expect([all.places.length, all.rules]).toEqual([12_000, []]);
  });

  it('keeps within the limit, in order, each once', () => {
    expect(chosen.places.length).toBeLessThanOrEqual(limit);
    expect(chosen.places.length).toBeGreaterThan(limit * 0.7);
    expect([...chosen.places]).toEqual([...places].sort((a, b) => a - b));
  });

  it('keeps all of the key that evidence is about, as long as that lasts', () => {
    for (let at = 2007; at < 3000; at += 50) expect(places.has(at), String(at)).toBe(true);
  });

  it('keeps everything around what cannot be explained and around the turns of faults', () => {
    for (let at = 2890; at < 2920; at++) expect(places.has(at), String(at)).toBe(true);
    for (const turn of [6000, 8000])
      for (let at = turn - 10; at < turn + 10; at++) expect(places.has(at), String(at)).toBe(true);
  });

  it('keeps what did not succeed, what never ended and the slowest', () => {
    for (let at = 5; at < 12_000; at += 1000) expect(places.has(at), String(at)).toBe(true);
    expect(places.has(777)).toBe(true);
    expect(places.has(4321)).toBe(true);
  });

  it('says what it kept, so that nobody takes a choice for the whole', () => {
    expect(chosen.rules.join('; ')).toMatch(
      /^all of the keys that evidence is about, while it lasts; all within \d+ ms of each violation; all that did not succeed; all within \d+ ms of the beginning and end of each fault; the slowest of each 30 ms; every \d+\w\w of the others$/u,
    );
  });

  it('has room for the rest though everything failed', () => {
    const failing = observe(
      historyOf(
        Array.from({ length: 3000 }, (_, at): OpEvent => {
          const phase = at % 2 === 0 ? 'invoke' : 'fail';
          return { index: at, timeNs: at * 1e6, process: 1, phase, op: 'read', value: null };
        }),
      ),
    );
    const few = choose(failing, { suspicions: [], bands: [], limit: 100 });
    expect(few.places.length).toBeLessThanOrEqual(100);
    expect(few.rules[0]).toMatch(/^every \d+\w\w that did not succeed$/u);
  });
});
