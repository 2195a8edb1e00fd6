import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rngOf } from '../core/rng.ts';
import { openWal } from '../host/wal/wal.ts';
import { type Drive, drive } from './drive.ts';
import { mountedDisk } from './mounted-disk.ts';
import { healthyDisk } from '../core/cluster.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function contentsOf(disk: Drive): Record<string, number[]> {
  return Object.fromEntries(disk.names().map((name) => [name, [...disk.read(name, 0)]]));
}

type Act =
  | { readonly kind: 'create' | 'remove' | 'append' | 'sync'; readonly name: string }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'truncate'; readonly name: string; readonly length: number }
  | { readonly kind: 'sync-names' };

const name = fc.constantFrom('a', 'b', 'c');
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('create'), name }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('append'), name }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sync'), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename'), name, to: name }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('truncate'), name, length: fc.nat(200) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'sync-names' } as const) },
);

/** A file as the slow model has it: all that was ever true of it since its last sync. */
interface ModelFile {
  kernel: number[];
  synced: number[];
  isCut: boolean;
}

/** Everything written out: the names now, and every list of names that a loss of power may leave. */
interface Model {
  kernel: Map<string, ModelFile>;
  possible: Map<string, ModelFile>[];
}

let written = 0;

/** Does the same to both; acts that make no sense now are left out. */
function actOn(disk: Drive, model: Model, each: Act): void {
  if (each.kind === 'sync-names') {
    disk.syncNames();
    model.possible = [new Map<string, ModelFile>(model.kernel)];
    return;
  }
  const file = model.kernel.get(each.name);
  if (each.kind === 'create') {
    if (file !== undefined) return;
    disk.create(each.name);
    const created = { kernel: [], synced: [], isCut: false };
    changeNames(model, (names) => names.set(each.name, created));
    return;
  }
  if (file === undefined) return;
  switch (each.kind) {
    case 'remove':
      disk.remove(each.name);
      changeNames(model, (names) => names.delete(each.name));
      return;
    case 'rename':
      disk.rename(each.name, each.to);
      changeNames(model, (names) => {
        names.delete(each.name);
        names.set(each.to, file);
      });
      return;
    case 'append': {
      const more = Array.from({ length: 1 + (written % 100) }, () => 1 + (written++ % 250));
      disk.append(disk.open(each.name), bytes(...more));
      file.kernel.push(...more);
      return;
    }
    case 'truncate':
      disk.truncate(disk.open(each.name), each.length);
      file.kernel.length = Math.min(file.kernel.length, each.length);
      file.isCut = true;
      return;
    case 'sync':
      disk.sync(disk.open(each.name));
      Object.assign(file, { synced: [...file.kernel], isCut: false });
  }
}

/** A change of names may reach the platter or not, each for itself. */
function changeNames(model: Model, change: (names: Map<string, ModelFile>) => void): void {
  change(model.kernel);
  const changed = model.possible.map((names) => {
    const more = new Map<string, ModelFile>(names);
    change(more);
    return more;
  });
  model.possible = [...model.possible, ...changed];
}

/** Whether these bytes may be what a loss of power has left of the file. */
function maySurvive(file: ModelFile, left: readonly number[]): boolean {
  const same = (other: readonly number[]): boolean => left.join() === other.join();
  if (file.isCut) return same(file.synced) || same(file.kernel);
  const isKept = same([...file.synced, ...left.slice(file.synced.length)]);
  return (
    isKept &&
    left.length <= file.kernel.length &&
    left.every((byte, at) => byte === file.kernel[at] || (at >= file.synced.length && byte === 0))
  );
}

describe('a drive', () => {
  it('holds what a slow and obvious one holds, and after a loss of power what that allows', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 14 }), fc.nat(), (acts, seed) => {
        const disk = drive();
        const model: Model = { kernel: new Map(), possible: [new Map<string, ModelFile>()] };
        for (const each of acts) {
          actOn(disk, model, each);
          const now = [...model.kernel].map(([each, { kernel }]) => [each, kernel]);
          expect(contentsOf(disk)).toEqual(Object.fromEntries(now));
        }
        disk.losePower(rngOf(seed));
        const left = contentsOf(disk);
        const isPossible = model.possible.some(
          (names) =>
            [...names.keys()].sort().join() === Object.keys(left).sort().join() &&
            [...names].every(([each, file]) => maySurvive(file, left[each] ?? [])),
        );
        expect(isPossible, JSON.stringify(left)).toBe(true);
        // What is on the platter stays there.
        disk.losePower(rngOf(seed + 1));
        expect(contentsOf(disk)).toEqual(left);
      }),
      { numRuns: 500 },
    );
  });

  it('loses, tears or keeps what was not synced: all of it happens', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 3000; seed++) {
      const disk = drive();
      disk.create('a');
      disk.syncNames();
      disk.append(disk.open('a'), new Uint8Array(100).fill(7));
      disk.create('b');
      disk.losePower(rngOf(seed));
      const { a = [], b } = contentsOf(disk);
      seen.add(a.includes(0) ? 'torn' : a.length < 100 ? 'short' : 'whole');
      seen.add(b === undefined ? 'no name' : 'a name');
    }
    expect([...seen].sort()).toEqual(['a name', 'no name', 'short', 'torn', 'whole']);
  });

  it('turns one bit around, if there is any', () => {
    const disk = drive();
    expect(disk.flipBit(rngOf(1))).toBe(false);
    disk.create('a');
    disk.append(disk.open('a'), new Uint8Array(50));
    for (let seed = 0; seed < 50; seed++) {
      const before = disk.read('a', 0);
      expect(disk.flipBit(rngOf(seed))).toBe(true);
      const after = disk.read('a', 0);
      const flipped = after.map((byte, at) => byte ^ (before[at] ?? 0)).filter((bits) => bits > 0);
      expect(flipped).toHaveLength(1);
      expect(Math.log2(flipped[0] ?? 0) % 1).toBe(0);
    }
  });

  it('is empty when it is wiped', () => {
    const disk = drive();
    disk.create('a');
    disk.syncNames();
    disk.wipe();
    disk.losePower(rngOf(1));
    expect(disk.names()).toEqual([]);
  });
});

const round = fc.record({
  jobs: fc.array(fc.constantFrom('persist', 'persist', 'persist', 'compact', 'settle'), {
    maxLength: 25,
  }),
  crashAfter: fc.integer({ min: 1, max: 40 }),
  power: fc.boolean(),
});

interface Kept {
  readonly snapshot: unknown;
  readonly records: readonly unknown[];
}

/** A process's view of the drive, which ends at some sync: that one and all later ones never return. */
function mounted(of: Drive, syncs: number): Parameters<typeof openWal>[0]['disk'] {
  let left = syncs;
  return mountedDisk({
    ...{ drive: of, rng: rngOf(1), health: { trouble: healthyDisk }, onAppend: () => undefined },
    onSync: () => undefined,
    isOver: () => left < 0,
    conditions: { syncMs: [0, 0], segmentBytes: 200 },
    after(_delayMs, act) {
      if (left-- > 0) act();
    },
  });
}

async function opened(of: Drive, syncs = Infinity) {
  let durable = 0;
  const log = await openWal({
    ...{ disk: mounted(of, syncs), segmentBytes: 200 },
    onDurable: (number) => (durable = number),
    onFailure: ({ message }) => expect.fail(message),
  });
  return { ...log, durableNumber: () => durable };
}

/** Those that wait for a disk which never answers again are left waiting, as a crash would. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the write-ahead log on a drive', () => {
  it('loses nothing that it reported durable, whatever power does', async () => {
    let unique = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(round, { maxLength: 5 }), fc.nat(), async (rounds, seed) => {
        const rng = rngOf(seed);
        const disk = drive();
        let base: Kept = { snapshot: undefined, records: [] };
        for (const { jobs, crashAfter, power } of rounds) {
          const states = [base];
          let acknowledged = 0;
          const log = await Promise.race([opened(disk, crashAfter), settled().then(() => null)]);
          for (const job of log === null ? [] : jobs) {
            const last = states.at(-1) ?? base;
            const records = [`record ${unique++}`];
            if (job === 'settle') await settled();
            else if (job === 'persist') {
              log?.wal.persist(records);
              states.push({ ...last, records: [...last.records, ...records] });
            } else {
              const snapshot = { upTo: unique++ };
              log?.wal.compact(snapshot, records);
              states.push({ snapshot, records });
            }
          }
          await settled();
          acknowledged = log?.durableNumber() ?? 0;
          if (power) disk.losePower(rng);
          const { durable, wal } = await opened(disk);
          await wal.close();
          const kept = { snapshot: durable.snapshot, records: durable.records };
          const possible = states.slice(acknowledged).map((state) => JSON.stringify(state));
          expect(possible).toContain(JSON.stringify(kept));
          base = kept;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('hears nothing more from a process that ended while its sync was done', async () => {
    const disk = drive();
    let isOver = false;
    const view = mountedDisk({
      ...{
        drive: disk,
        rng: rngOf(1),
        health: { trouble: healthyDisk },
        onAppend: () => undefined,
      },
      conditions: { syncMs: [0, 0], segmentBytes: 200 },
      isOver: () => isOver,
      onSync: () => (isOver = true),
      after: (_delayMs, act) => act(),
    });
    const replace = async (): Promise<void> => {
      const file = await view.create('a.tmp');
      await file.append(bytes(1));
      await file.sync();
      await file.append(bytes(2));
      await view.rename('a.tmp', 'a');
    };
    void replace();
    await settled();
    expect(contentsOf(disk)).toEqual({ 'a.tmp': [1] });
    // Nor does what its promises go on with reach the disk of the next life.
    expect(await Promise.race([view.remove('a.tmp'), settled().then(() => 'silence')])).toBe(
      'silence',
    );
    expect(disk.names()).toEqual(['a.tmp']);
  });

  it('forgets what a failed sync was to write, and keeps what was synced before', () => {
    const disk = drive();
    disk.create('a');
    const file = disk.open('a');
    disk.append(file, bytes(1, 2));
    disk.sync(file);
    disk.append(file, bytes(3));
    disk.failSync(file);
    disk.append(file, bytes(4));
    disk.sync(file);
    expect(contentsOf(disk)).toEqual({ a: [1, 2, 4] });
  });
});
