import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBallots, noBallot } from './ballot.ts';
import { type DurableState, type PaxosRecord, recordsOf, replay } from './records.ts';
import { settingsOf } from './settings.ts';
import { entryAt, forgetThrough, lastSlot, placeEntry, slotLog } from './slot-log.ts';

const ballot = fc.record({
  round: fc.integer({ min: 1, max: 5 }),
  node: fc.constantFrom('n1', 'n2'),
});
const values = fc.array(fc.constantFrom('x', 'y', null), { minLength: 1, maxLength: 5 });
const record = fc.oneof(
  fc.record({ kind: fc.constant('promise' as const), ballot }),
  fc.record({
    ...{ kind: fc.constant('accept' as const), ballot, commands: values },
    ...{ from: fc.integer({ min: 1, max: 20 }), chosen: fc.constant(0) },
  }),
  fc.record({
    kind: fc.constant('learn' as const),
    from: fc.constant(1),
    values: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constant('n1'), fc.constant('x'))),
  }),
);

function replayed(records: readonly PaxosRecord[], base = 0): DurableState {
  const state = { promised: noBallot, log: slotLog(base), chosen: base };
  for (const each of records) replay(state, each);
  return state;
}

describe('records', () => {
  it('written at a compaction bring back the same state', () => {
    fc.assert(
      fc.property(fc.array(record), fc.nat({ max: 10 }), (records, cut) => {
        const state = replayed(records);
        forgetThrough(state.log, Math.min(cut, state.chosen));
        expect(replayed(recordsOf(state), state.log.base)).toEqual(state);
      }),
    );
  });

  it('never lower a promise, nor the ballot of a slot in which a learned value was accepted', () => {
    const state = replayed([
      { kind: 'promise', ballot: { round: 4, node: 'n2' } },
      { kind: 'accept', ballot: { round: 5, node: 'n1' }, from: 1, commands: ['x'], chosen: 0 },
      { kind: 'promise', ballot: { round: 2, node: 'n2' } },
      { kind: 'learn', from: 1, values: [[3, 'n1', 'x']] },
    ]);
    expect(state.promised).toEqual({ round: 5, node: 'n1' });
    expect(entryAt(state.log, 1)?.ballot).toEqual({ round: 5, node: 'n1' });
  });

  it('of another protocol are refused', () => {
    const foreign = { kind: 'vote' } as unknown as PaxosRecord;
    expect(() => replayed([foreign])).toThrow('got {"kind":"vote"}');
  });
});

describe('ballots', () => {
  it('are totally ordered', () => {
    fc.assert(
      fc.property(ballot, ballot, ballot, (a, b, c) => {
        expect(Math.sign(compareBallots(a, b))).toBe(-Math.sign(compareBallots(b, a)) + 0);
        if (compareBallots(a, b) <= 0 && compareBallots(b, c) <= 0) {
          expect(compareBallots(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe('a slot log', () => {
  it('finds every slot before and after compaction, like a map', () => {
    const slots = fc.array(fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(slots, fc.nat({ max: 60 }), (placed, cut) => {
        const log = slotLog(0);
        for (const slot of placed) placeEntry(log, slot, { ballot: noBallot, command: slot });
        forgetThrough(log, cut);
        const kept = new Set(placed.filter((slot) => slot > cut));
        for (let slot = cut + 1; slot <= 60; slot++) {
          expect(entryAt(log, slot)?.command).toBe(kept.has(slot) ? slot : undefined);
        }
        expect(lastSlot(log)).toBe(Math.max(cut, ...kept));
      }),
    );
  });

  it('refuses a slot that is compacted away', () => {
    const entry = { ballot: noBallot, command: 'x' };
    expect(() => placeEntry(slotLog(5), 5, entry)).toThrow('expected a slot above 5, got 5');
  });
});

describe('settings', () => {
  it.each([
    [{ reads: 'quick' }, 'index, lease or local, got quick'],
    [{ heartbeatMs: '0' }, 'heartbeatMs to be a whole number from 1'],
    [{ maxBatch: '70000' }, 'maxBatch to be a whole number from 1 to 65536'],
    [{ electionMs: '60' }, 'at least twice heartbeatMs, got electionMs 60 with heartbeatMs 50'],
  ])('%j are refused', (given, message) => {
    expect(() => settingsOf(given)).toThrow(message);
  });

  it('of others are let through', () => {
    expect(settingsOf({ forward: 'yes' }).heartbeatMs).toBe(50);
  });
});
