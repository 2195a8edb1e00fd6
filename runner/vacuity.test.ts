import { describe, expect, it } from 'vitest';
import type { FaultEvent, HistoryEvent, OpEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Sighting } from '../core/nemesis.ts';
import { faultEffects } from './vacuity.ts';

const second = 1e9;

/** A read every 10 ms for 20 s, each taking 1 ms, but for what `change` makes of some. */
function reads(change: (atMs: number) => Partial<OpEvent> = () => ({})): HistoryEvent[] {
  return Array.from({ length: 2000 }, (_, at): HistoryEvent[] => {
    const timeNs = at * 10e6;
    const event = { process: 0, op: 'read', value: null } as const;
    return [
      { ...event, index: 2 * at, timeNs, phase: 'invoke' },
      { ...event, index: 2 * at + 1, timeNs: timeNs + 1e6, phase: 'ok', ...change(at * 10) },
    ];
  }).flat();
}

function fault(id: number, phase: FaultEvent['phase'], atSecond: number, dropped = 0): FaultEvent {
  return {
    index: 10_000 + id,
    timeNs: atSecond * second,
    process: 'nemesis',
    phase,
    fault: 'partition',
    faultId: id,
    value: { dropped },
  };
}

const struck = [
  fault(0, 'begin', 5),
  fault(0, 'active', 5.1),
  fault(0, 'heal', 8),
  fault(0, 'end', 8.1),
];

const effects = (events: readonly HistoryEvent[], sightings: readonly Sighting[] = []) =>
  faultEffects(historyOf(events), sightings, ['partition'])[0];

describe('the vacuity report', () => {
  it('says that a fault nobody could notice did not bite', () => {
    const effect = effects([...reads(), ...struck]);
    expect(effect).toMatchObject({ injected: 1, bit: 0, failed: 0 });
  });

  it('sees errors inside the window and none outside it', () => {
    const inside = reads((atMs) => (atMs === 6000 ? { phase: 'info', error: 'timeout' } : {}));
    expect(effects([...inside, ...struck])).toMatchObject({ bit: 1, effects: { errors: 1 } });
    const outside = reads((atMs) => (atMs === 2000 ? { phase: 'info', error: 'timeout' } : {}));
    expect(effects([...outside, ...struck])).toMatchObject({ bit: 0 });
  });

  it('does not blame a fault for errors that come all the time', () => {
    const always = reads((atMs) => (atMs % 100 === 0 ? { phase: 'fail', error: 'refused' } : {}));
    expect(effects([...always, ...struck])).toMatchObject({ bit: 0, effects: { errors: 0 } });
  });

  it('compares with what is quiet, also after a fault that could not be put in force', () => {
    const slow = reads((atMs) => (atMs >= 5100 && atMs < 6000 ? { timeNs: atMs * 1e6 + 9e6 } : {}));
    expect(effects([fault(1, 'failed', 0), ...slow, ...struck])).toMatchObject({
      bit: 1,
      failed: 1,
    });
  });

  it('takes a failed cas for an answer, not for an error', () => {
    const events = reads((atMs) => (atMs === 6000 ? { phase: 'fail', op: 'cas' } : {}));
    expect(effects([...events, ...struck])).toMatchObject({ bit: 0 });
  });

  it('sees many slow operations, and forgives a few', () => {
    const slow = (share: number) =>
      reads((atMs) =>
        atMs >= 5100 && atMs < 5100 + share * 3000 ? { timeNs: atMs * 1e6 + 9e6 } : {},
      );
    expect(effects([...slow(0.2), ...struck])?.bit).toBe(1);
    expect(effects([...slow(0.005), ...struck])?.bit).toBe(0);
  });

  it('sees swallowed packets', () => {
    const events = [...struck.slice(0, 3), fault(0, 'end', 8.1, 12)];
    expect(effects([...reads(), ...events])).toMatchObject({ bit: 1, effects: { dropped: 12 } });
  });

  it('sees another leader and silent nodes', () => {
    const status = (id: string, role: 'leader' | 'follower', term: number) => ({
      ...{ id, role, term, commitIndex: 1, appliedIndex: 1, counters: {} },
    });
    const sightings: Sighting[] = [
      { timeNs: 1, statuses: { n1: status('n1', 'leader', 1), n2: status('n2', 'follower', 1) } },
      { timeNs: 6 * second, statuses: { n1: null, n2: status('n2', 'leader', 2) } },
    ];
    const effect = effects([...reads(), ...struck], sightings);
    expect(effect?.effects).toMatchObject({ leaderChanges: 1, termChanges: 1, silentNodes: 1 });
  });

  it('counts a fault that could not be put in force as failed', () => {
    expect(effects([...reads(), fault(0, 'failed', 5)])).toMatchObject({ injected: 0, failed: 1 });
  });
});
