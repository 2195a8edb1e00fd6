import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rngOf } from '../../core/rng.ts';
import { type PowerLossDisk, powerLossDisk } from '../testing/power-loss-disk.ts';
import { type Disk, StorageDamage, type StorageFailure } from './disk.ts';
import { type OpenedWal, openWal } from './wal.ts';

interface Kept {
  readonly snapshot: unknown;
  readonly records: readonly unknown[];
}

interface Opened extends OpenedWal {
  /** The highest number reported durable. */
  readonly durableNumber: () => number;
  readonly failure: () => StorageFailure | null;
}

async function open(disk: Disk, segmentBytes = 300): Promise<Opened> {
  let durable = 0;
  let failure: StorageFailure | null = null;
  const opened = await openWal({
    disk,
    segmentBytes,
    onDurable: (number) => (durable = number),
    onFailure: (each) => (failure = each),
  });
  return { ...opened, durableNumber: () => durable, failure: () => failure };
}

async function keptBy(disk: Disk): Promise<Kept> {
  const { durable, wal } = await open(disk);
  await wal.close();
  return { snapshot: durable.snapshot, records: durable.records };
}

/** A log of `count` batches of one record each, and the records. */
async function logOf(count: number, segmentBytes: number): Promise<PowerLossDisk> {
  const disk = powerLossDisk();
  for (let at = 0; at < count; at++) {
    const { wal } = await open(disk, segmentBytes);
    wal.persist([`record ${at}`]);
    await wal.close();
  }
  return disk;
}

describe('a write-ahead log', () => {
  it('gives back what was persisted, in order', async () => {
    const disk = powerLossDisk();
    const { wal } = await open(disk);
    const records = Array.from({ length: 50 }, (_, at) => ({
      at,
      text: 'é\u0000\u00ff'.repeat(at),
    }));
    for (const record of records) wal.persist([record, null]);
    await wal.close();
    expect((await keptBy(disk)).records).toEqual(records.flatMap((record) => [record, null]));
  });

  it('commits everything that waits with one write and one sync', async () => {
    const disk = powerLossDisk();
    const { wal, durableNumber } = await open(disk, 1e6);
    const before = wal.stats().syncs;
    for (let at = 0; at < 100; at++) wal.persist([at]);
    await wal.close();
    expect(durableNumber()).toBe(100);
    expect(wal.stats()).toMatchObject({ batches: 1, maxBatchPersists: 100, syncs: before + 1 });
  });

  it('encodes at once: what the caller changes afterwards is not persisted', async () => {
    const disk = powerLossDisk();
    const { wal } = await open(disk);
    const record = { term: 1 };
    wal.persist([record]);
    record.term = 2;
    await wal.close();
    expect((await keptBy(disk)).records).toEqual([{ term: 1 }]);
  });

  it('goes on over tiny segments, and counts them', async () => {
    const disk = await logOf(20, 1);
    expect((await disk.list()).length).toBeGreaterThan(20);
    expect((await keptBy(disk)).records).toHaveLength(20);
  });

  it('keeps only the snapshot and what follows it after a compaction', async () => {
    const disk = await logOf(5, 1);
    const { wal } = await open(disk);
    wal.compact({ sum: 5 }, ['tail']);
    wal.persist(['more']);
    await wal.close();
    expect(await keptBy(disk)).toEqual({ snapshot: { sum: 5 }, records: ['tail', 'more'] });
    expect(await disk.list()).toHaveLength(2);
  });

  it('stops for good at a failed sync: nothing after it is reported durable', async () => {
    const disk = powerLossDisk();
    const { wal, durableNumber, failure } = await open(disk);
    wal.persist(['one']);
    await settled();
    disk.failAt(disk.steps + 2, Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
    wal.persist(['two']);
    await settled();
    wal.persist(['three']);
    await settled();
    expect(durableNumber()).toBe(1);
    expect(failure()?.message).toMatch(/EIO.*node stops.*check the disk/);
  });

  it('names a full disk, and what to do about it', async () => {
    const disk = powerLossDisk();
    const { wal, failure } = await open(disk);
    disk.failAt(
      disk.steps + 1,
      Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }),
    );
    wal.persist(['one']);
    await settled();
    expect(failure()?.message).toMatch(/ENOSPC.*free some space/);
    expect((await keptBy(disk.afterKill())).records).toEqual([]);
  });
});

describe('a torn tail', () => {
  it('is cut at every length that a crash can leave, back to the last whole record', async () => {
    const disk = await logOf(6, 1e6);
    const name = 'segment-000000000001.log';
    const whole = disk.bytesOf(name);
    const ends = recordEnds(whole);
    for (let length = 0; length < whole.length; length++) {
      disk.replace(name, whole.slice(0, length));
      const expected = Math.max(0, ends.filter((end) => end <= length).length - 1);
      expect((await keptBy(disk)).records, `cut at ${length}`).toHaveLength(expected);
    }
  });

  it('is noted, and written over by what comes next', async () => {
    const disk = await logOf(3, 1e6);
    const name = 'segment-000000000001.log';
    disk.replace(name, disk.bytesOf(name).slice(0, -3));
    const { wal, notes } = await open(disk);
    expect(notes.join()).toMatch(/cut the torn tail of segment-000000000001.log at offset \d+/);
    wal.persist(['instead']);
    await wal.close();
    expect((await keptBy(disk)).records).toEqual(['record 0', 'record 1', 'instead']);
  });

  it('may be zeros in a part of it, where a write went over zeros', async () => {
    const disk = await logOf(3, 1e6);
    const name = 'segment-000000000001.log';
    const whole = disk.bytesOf(name);
    const lastStart = recordEnds(whole).at(-2) ?? 0;
    for (let length = lastStart; length < whole.length; length++) {
      disk.replace(name, Buffer.concat([whole.slice(0, length), Buffer.alloc(5000)]));
      expect((await keptBy(disk)).records, `zeros from ${length}`).toHaveLength(2);
      expect((await keptBy(disk)).records, `zeros from ${length}, again`).toHaveLength(2);
    }
    for (let from = lastStart + 1; from < whole.length; from++) {
      const late = whole.slice();
      late.fill(0, lastStart, from);
      disk.replace(name, Buffer.concat([late, Buffer.alloc(5000)]));
      expect((await keptBy(disk)).records, `zeros up to ${from}`).toHaveLength(2);
    }
  });
});

describe('zeros behind the last record', () => {
  it('are room that was not used: not noted, and written over', async () => {
    for (const room of [1, 15, 16, 17, 3 << 20]) {
      const disk = await logOf(3, 1e6);
      const name = 'segment-000000000001.log';
      disk.replace(name, Buffer.concat([disk.bytesOf(name), Buffer.alloc(room)]));
      const { wal, notes, durable } = await open(disk);
      expect([durable.records.length, notes]).toEqual([3, []]);
      wal.persist(['next']);
      await wal.close();
      expect((await keptBy(disk)).records.at(-1)).toBe('next');
    }
  });

  it('may follow segments that others follow', async () => {
    const disk = await logOf(4, 1);
    const name = 'segment-000000000002.log';
    disk.replace(name, Buffer.concat([disk.bytesOf(name), Buffer.alloc(1000)]));
    expect((await keptBy(disk)).records).toHaveLength(4);
  });

  it('never hide that a record in them is missing', async () => {
    const disk = await logOf(4, 1);
    const name = 'segment-000000000002.log';
    const whole = disk.bytesOf(name);
    const lastStart = recordEnds(whole).at(-2) ?? 0;
    disk.replace(name, Buffer.concat([whole.slice(0, lastStart), Buffer.alloc(1000)]));
    await expect(open(disk)).rejects.toThrow(/expected record number \d+, got number \d+/);
  });

  it('are none where something else follows them', async () => {
    const disk = await logOf(4, 1e6);
    const name = 'segment-000000000001.log';
    const whole = disk.bytesOf(name);
    const [, , from = 0, until = 0] = recordEnds(whole);
    const zeroed = whole.slice();
    zeroed.fill(0, from, until);
    disk.replace(name, zeroed);
    await expect(open(disk)).rejects.toThrow(
      new RegExp(`${name} at offset ${from}: expected .* zeros to the end.*later record follows`),
    );
  });
});

describe('damage', () => {
  it('anywhere but in the last record keeps the node from starting, with file and offset', async () => {
    const disk = await logOf(4, 1e6);
    const name = 'segment-000000000001.log';
    const whole = disk.bytesOf(name);
    const ends = recordEnds(whole);
    const lastStart = ends.at(-2) ?? 0;
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice();
      flipped[at] = whole[at]! ^ (1 << (at % 8));
      disk.replace(name, flipped);
      if (at >= lastStart) {
        expect((await keptBy(disk)).records, `flip at ${at}`).toHaveLength(3);
        continue;
      }
      const start = ends.filter((end) => end <= at).at(-1) ?? 0;
      await expect(open(disk), `flip at ${at}`).rejects.toThrow(
        new RegExp(`${name} at offset ${start}: expected .*, got `),
      );
    }
  });

  it('in any but the last segment is never taken for a tear', async () => {
    const disk = await logOf(4, 1);
    const name = 'segment-000000000002.log';
    const whole = disk.bytesOf(name);
    for (let length = 0; length < whole.length; length++) {
      disk.replace(name, whole.slice(0, length));
      await expect(open(disk), `cut at ${length}`).rejects.toThrow(StorageDamage);
    }
  });

  it('in a snapshot is never taken for a tear', async () => {
    const disk = await logOf(1, 1e6);
    const { wal } = await open(disk);
    wal.compact({ sum: 1 }, []);
    await wal.close();
    const name = (await disk.list()).find((each) => each.startsWith('snapshot')) ?? '';
    const whole = disk.bytesOf(name);
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice();
      flipped[at] = whole[at]! ^ 0x10;
      disk.replace(name, flipped);
      await expect(open(disk), `flip at ${at}`).rejects.toThrow(StorageDamage);
    }
  });

  it('includes a missing segment, at either end or between', async () => {
    for (const missing of ['segment-000000000001.log', 'segment-000000000003.log']) {
      const disk = await logOf(4, 1);
      await disk.remove(missing);
      await expect(open(disk)).rejects.toThrow(new RegExp(`expected ${missing} in the folder`));
    }
  });

  it('includes a segment under the name of another', async () => {
    const disk = await logOf(4, 1);
    disk.replace('segment-000000000002.log', disk.bytesOf('segment-000000000003.log'));
    await expect(open(disk)).rejects.toThrow(/segment-000000000002.log at offset 0/);
  });

  it('changes nothing on the disk', async () => {
    const disk = await logOf(4, 1e6);
    const name = 'segment-000000000001.log';
    const damaged = disk.bytesOf(name);
    damaged[20] = 0;
    disk.replace(name, damaged);
    const before = disk.steps;
    await expect(open(disk)).rejects.toThrow(StorageDamage);
    expect(disk.steps).toBe(before);
  });
});

type Job =
  | { readonly kind: 'persist'; readonly count: number }
  | { readonly kind: 'compact'; readonly count: number }
  /** Lets the disk catch up, so that what follows is another batch. */
  | { readonly kind: 'settle' };

const job: fc.Arbitrary<Job> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('persist'), count: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact'), count: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'settle' } as const) },
);

const round = fc.record({
  jobs: fc.array(job, { maxLength: 25 }),
  crashAfterSteps: fc.integer({ min: 1, max: 60 }),
  power: fc.boolean(),
  powerAgain: fc.boolean(),
});

describe('crashes', () => {
  it('at any step lose nothing that was reported durable, and leave no half of anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { maxLength: 6 }), fc.nat(), async (rounds, seed) => {
        const rng = rngOf(seed);
        let disk = powerLossDisk();
        let base: Kept = { snapshot: undefined, records: [] };
        for (const each of rounds) {
          disk.failAt(disk.steps + each.crashAfterSteps, new Error('the process is dead'));
          const { states, acknowledged } = await runJobs(disk, each.jobs, base);
          disk = each.power ? disk.afterPowerLoss(rng) : disk.afterKill();
          const kept = await keptBy(disk);
          const possible = states.slice(acknowledged).map((state) => JSON.stringify(state));
          expect(possible).toContain(JSON.stringify(kept));
          // What a recovery has shown must survive whatever comes next.
          if (each.powerAgain) disk = disk.afterPowerLoss(rng);
          expect(await keptBy(disk)).toEqual(kept);
          base = kept;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

let unique = 0;

/** The states after no, one, two, … of the jobs, and how many of them were reported durable. */
async function runJobs(
  disk: PowerLossDisk,
  jobs: readonly Job[],
  base: Kept,
): Promise<{ states: Kept[]; acknowledged: number }> {
  const states = [base];
  const opened = await open(disk, 200).catch(() => null);
  if (opened === null) return { states, acknowledged: 0 };
  for (const each of jobs) {
    const last = states.at(-1)!;
    if (each.kind === 'settle') {
      await settled();
      continue;
    }
    const records = Array.from({ length: each.count }, () => `record ${unique++}`);
    if (each.kind === 'persist') {
      opened.wal.persist(records);
      states.push({ snapshot: last.snapshot, records: [...last.records, ...records] });
    } else {
      const snapshot = { upTo: unique++ };
      opened.wal.compact(snapshot, records);
      states.push({ snapshot, records });
    }
  }
  await settled();
  return { states, acknowledged: opened.durableNumber() };
}

/** The disk in memory answers within the turn, so the next turn finds the log at rest. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function recordEnds(bytes: Uint8Array): number[] {
  const ends: number[] = [];
  const view = Buffer.from(bytes);
  for (let at = 0; at < bytes.length; at = ends.at(-1)!) ends.push(at + 16 + view.readUInt32LE(at));
  return ends;
}
