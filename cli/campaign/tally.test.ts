import { describe, expect, it } from 'vitest';
import { groupsOf } from './groups.ts';
import type { ResultLine } from './result-line.ts';
import { tallyOf } from './tally.ts';

const line = (seed: number, more: Partial<ResultLine> = {}): ResultLine => ({
  ...{ combination: 0, seed, outcome: 'valid', ok: 8, fail: 1, info: 1, virtualMs: 1000 },
  ...{ events: 50, wallMs: 100, faults: {} },
  ...more,
});

const stale = (seed: number, toViolation: number, more: Partial<ResultLine> = {}): ResultLine =>
  line(seed, { outcome: 'invalid', kind: 'stale read', reason: 'because', toViolation, ...more });

describe('tallyOf', () => {
  it('counts outcomes of all and of each combination, with the speed of one thread', () => {
    const tally = tallyOf(2);
    for (const each of [line(1), line(2), stale(3, 5, { combination: 1, wallMs: 500 })])
      tally.add(each);
    expect(tally.counts()).toEqual({ valid: 2, invalid: 1, crashed: 0, unknown: 0 });
    expect(tally.combination(0)).toEqual({
      counts: { valid: 2, invalid: 0, crashed: 0, unknown: 0 },
      seedsPerSecond: 10,
    });
    expect(tally.combination(1).seedsPerSecond).toBe(2);
    expect([tally.done(), tally.virtualMs(), tally.events()]).toEqual([3, 3000, 150]);
    expect(tally.operations()).toEqual({ ok: 24, fail: 3, info: 3 });
  });

  it('says of each fault how many bit, and in how many runs', () => {
    const tally = tallyOf(1);
    const faults = { kill: { injected: 3, bit: 2 }, pause: { injected: 1, bit: 0 } };
    tally.add(line(1, { faults }));
    tally.add(
      line(2, { faults: { kill: { injected: 1, bit: 1 }, pause: { injected: 0, bit: 0 } } }),
    );
    expect(tally.faults()).toEqual([
      { fault: 'kill', injected: 4, bit: 3, runs: 2, runsBitten: 2 },
      { fault: 'pause', injected: 1, bit: 0, runs: 1, runsBitten: 0 },
    ]);
    expect(tally.bitesPerRun()).toEqual([
      { from: 1, to: 1, runs: 1 },
      { from: 2, to: 4, runs: 1 },
    ]);
  });

  it('puts every size into a bucket, and shows those between', () => {
    const tally = tallyOf(1);
    for (const ok of [0, 7, 999, 1000]) tally.add(line(ok, { ok, fail: 0, info: 0 }));
    const buckets = tally.operationsPerRun();
    expect(buckets.map(({ runs }) => runs)).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1]);
    expect(buckets.at(0)).toEqual({ from: 0, to: 0, runs: 1 });
    expect(buckets.at(-1)).toEqual({ from: 1000, to: 1999, runs: 1 });
  });
});

describe('groupsOf', () => {
  const commandOf = ({ seed }: ResultLine): string => `--seed ${seed}`;

  it('gathers what fails alike, the smallest first, and failures before exceptions', () => {
    const groups = groupsOf();
    groups.add(line(9, { outcome: 'crashed', kind: 'it threw', ok: 0, fail: 0, info: 0 }));
    groups.add(stale(1, 90));
    groups.add(stale(2, 30));
    groups.add(stale(3, 20, { kind: 'lost write' }));
    const found = groups.list(['invalid', 'crashed'], commandOf);
    expect(found.map(({ kind, count }) => [kind, count])).toEqual([
      ['lost write', 1],
      ['stale read', 2],
      ['it threw', 1],
    ]);
    expect(
      found[1]?.examples.map(({ seed, operations, command }) => [seed, operations, command]),
    ).toEqual([
      [2, 30, '--seed 2'],
      [1, 90, '--seed 1'],
    ]);
  });

  it('is the same in whatever order the runs ended', () => {
    const lines = Array.from({ length: 40 }, (_, at) => stale(at, 100 - (at % 7)));
    const [one, other] = [groupsOf(), groupsOf()];
    for (const each of lines) one.add(each);
    for (const each of lines.toReversed()) other.add(each);
    expect(one.list(['invalid'], commandOf)).toEqual(other.list(['invalid'], commandOf));
  });

  it('keeps a bounded number of examples, and every run that was saved', () => {
    const groups = groupsOf();
    const large = stale(5000, 5000);
    groups.add(large);
    groups.saved(large, 'store/x');
    for (let seed = 1; seed <= 1000; seed++) groups.add(stale(seed, seed));
    const [group] = groups.list(['invalid'], commandOf);
    expect([group?.count, group?.examples.length]).toEqual([1001, 11]);
    expect(group?.examples.at(-1)).toMatchObject({ seed: 5000, path: 'store/x' });
  });
});
