import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchAt } from './batch.ts';
import { configOf } from './config.ts';
import {
  type RaftLog,
  appendAt,
  configurationAt,
  configurationOf,
  emptyLog,
  entriesBetween,
  forgetThrough,
  lastIndexOf,
  lastIndexWithTermUpTo,
  lastTermOf,
  startAfter,
  termAt,
} from './log.ts';

const first = { members: ['n1', 'n2', 'n3'] };

/** A log with a base and entries of rising terms. */
const logs = fc
  .record({ base: fc.nat(5), steps: fc.array(fc.nat(2), { maxLength: 12 }) })
  .map(({ base, steps }): RaftLog => {
    let term = base;
    const entries = steps.map((step, at) => ({ term: (term += step), command: `c${at}` }));
    return { ...emptyLog(base, base, first), entries };
  });

describe('a log', () => {
  it('knows its terms from the base to the last index, and none beyond', () => {
    fc.assert(
      fc.property(logs, (log) => {
        expect(termAt(log, log.baseIndex)).toBe(log.baseTerm);
        expect(termAt(log, lastIndexOf(log))).toBe(lastTermOf(log));
        expect(termAt(log, lastIndexOf(log) + 1)).toBeUndefined();
        expect(termAt(log, log.baseIndex - 1)).toBeUndefined();
      }),
    );
  });

  it('forgets its beginning without changing the rest', () => {
    fc.assert(
      fc.property(logs, fc.nat(20), (log, draw) => {
        const index = Math.min(lastIndexOf(log), log.baseIndex + draw);
        const kept = entriesBetween(log, index + 1, lastIndexOf(log));
        const [term, last] = [termAt(log, index), lastIndexOf(log)];
        forgetThrough(log, index);
        expect([log.baseIndex, log.baseTerm, lastIndexOf(log)]).toEqual([index, term, last]);
        expect(entriesBetween(log, index + 1, last)).toEqual(kept);
      }),
    );
  });

  it('cuts off what stood where entries are put', () => {
    const log = emptyLog(3, 1, first);
    const entry = (command: string): { term: number; command: string } => ({ term: 2, command });
    appendAt(log, 4, [entry('a'), entry('b'), entry('c')]);
    appendAt(log, 5, [entry('d')]);
    expect(log.entries.map(({ command }) => command)).toEqual(['a', 'd']);
    expect(() => appendAt(log, 7, [])).toThrow('expected to append at an index from 4 to 6, got 7');
    expect(() => appendAt(log, 3, [])).toThrow('got 3');
    startAfter(log, { index: 9, term: 4, configuration: first });
    expect([lastIndexOf(log), lastTermOf(log)]).toEqual([9, 4]);
  });

  it('goes by its latest configuration, and back to the one before when that is cut off (§6)', () => {
    const log = emptyLog(3, 1, first);
    const joint = { members: ['n3', 'n4'], former: first.members };
    const second = { members: joint.members };
    appendAt(log, 4, [
      { term: 2, command: 'a' },
      { term: 2, command: null, configuration: joint },
      { term: 2, command: 'b' },
      { term: 2, command: null, configuration: second },
    ]);
    expect(configurationOf(log)).toMatchObject({ index: 7, configuration: second });
    expect([4, 5, 6, 7].map((index) => configurationAt(log, index))).toEqual([
      ...[first, joint, joint, second],
    ]);
    appendAt(log, 7, [{ term: 3, command: 'c' }]);
    expect(configurationOf(log).configuration).toBe(joint);
    forgetThrough(log, 6);
    expect(configurationOf(log).configuration).toBe(joint);
    expect(() => appendAt(log, 6, [])).toThrow('got 6');
    startAfter(log, { index: 20, term: 4, configuration: second });
    expect(configurationOf(log)).toMatchObject({ index: 20, configuration: second });
  });

  it('finds where it may agree with another log as a plain search does', () => {
    fc.assert(
      fc.property(logs, fc.nat(20), fc.nat(30), (log, draw, term) => {
        const index = log.baseIndex + draw;
        let slow = Math.min(index, lastIndexOf(log));
        while (slow > log.baseIndex && (termAt(log, slow) ?? 0) > term) slow -= 1;
        expect(lastIndexWithTermUpTo(log, index, term)).toBe(slow);
      }),
    );
  });
});

describe('a batch', () => {
  const entries = ['a', 'bb', { op: 'set', key: 'k'.repeat(100) }, 'x'.repeat(1000)];
  const log: RaftLog = {
    ...emptyLog(0, 0, first),
    entries: entries.map((command) => ({ term: 1, command })),
  };
  const sizes = (settings: Record<string, string>): number[] =>
    [1, 3, 4, 5].map((index) => batchAt(log, index, configOf(settings)).length);

  it('holds at most so many entries, and so many bytes unless one alone has more', () => {
    expect(sizes({})).toEqual([4, 2, 1, 0]);
    expect(sizes({ maxBatch: '2' })).toEqual([2, 2, 1, 0]);
    expect(sizes({ maxBatchBytes: '50' })).toEqual([2, 1, 1, 0]);
  });
});

describe('settings', () => {
  it.each([
    [{ electionMs: 'soon' }, "expected electionMs to be a number of at least 1, got 'soon'"],
    [{ maxBatch: '1.5' }, "expected maxBatch to be a whole number, got '1.5'"],
    [{ reads: 'stale' }, "expected reads to be one of index, lease, local, got 'stale'"],
    [{ heartbeatMs: '300' }, 'expected several heartbeats within an election timeout'],
    [{ reads: 'lease', checkQuorum: 'off' }, 'expected checkQuorum=on with reads=lease'],
  ])('%o are refused with a reason', (settings, reason) => {
    expect(() => configOf(settings as Record<string, string>)).toThrow(reason);
  });
});
