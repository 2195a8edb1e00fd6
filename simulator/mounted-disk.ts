import type { DiskTrouble } from '../core/cluster.ts';
import type { DiskConditions, RangeMs } from '../core/conditions.ts';
import type { Rng } from '../core/rng.ts';
import type { Disk, DiskFile } from '../host/wal/disk.ts';
import type { Drive, FileId } from './drive.ts';

/** A drive as one process sees it: what it asks for takes time, and may fail. */
export interface MountOptions {
  readonly drive: Drive;
  readonly conditions: DiskConditions;
  readonly rng: Rng;
  readonly health: DiskHealth;
  /** Whether the process has ended. Where power fails, its program may still have promises to go on with. */
  readonly isOver: () => boolean;
  /** Runs the action after this long, unless the process has ended by then. */
  after(delayMs: number, act: () => void): void;
  /** Told of every sync of a file that is done. */
  readonly onSync: () => void;
  /** Told of everything that is written. */
  readonly onAppend: (bytes: Uint8Array) => void;
}

/** What is wrong with the disk now. */
export interface DiskHealth {
  trouble: DiskTrouble;
}

/** Only syncs take time: all else is done by the kernel's memory. Nothing is done for a process that has ended. */
export function mountedDisk(options: MountOptions): Disk {
  const { drive } = options;
  return {
    list: () => done(options, () => drive.names()),
    read: (name, fromOffset = 0) => wholeOf(drive.read(name, fromOffset)),
    create: (name) =>
      done(options, () => {
        drive.create(name);
        return fileOf(options, drive.open(name));
      }),
    open: (name) => done(options, () => fileOf(options, drive.open(name))),
    rename: (from, to) => done(options, () => drive.rename(from, to)),
    remove: (name) => done(options, () => drive.remove(name)),
    syncFolder: () => timed(options, () => drive.syncNames()),
  };
}

function fileOf(options: MountOptions, file: FileId): DiskFile {
  const { drive, health } = options;
  return {
    append: (bytes) =>
      done(options, () => {
        if (health.trouble.full) throw new Error('ENOSPC: no space left on device');
        drive.append(file, bytes);
        options.onAppend(bytes);
      }),
    truncate: (lengthBytes) => done(options, () => drive.truncate(file, lengthBytes)),
    sync: () =>
      timed(options, () => {
        const { trouble } = health;
        if (trouble.failingSyncs > 0) {
          health.trouble = { ...trouble, failingSyncs: trouble.failingSyncs - 1 };
          drive.failSync(file);
          throw new Error('EIO: input/output error');
        }
        drive.sync(file);
        options.onSync();
      }),
    close: () => Promise.resolve(),
  };
}

/** Rejects where the act throws; never settles when the process has ended: nobody is there to hear of it. */
function done<Result>({ isOver }: MountOptions, act: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    if (!isOver()) resolve(act());
  });
}

/** Never settles when the process ends first. */
function timed(options: MountOptions, act: () => void): Promise<void> {
  const { conditions, health, rng } = options;
  return new Promise((resolve, reject) => {
    options.after(drawnMs(conditions.syncMs, rng) + health.trouble.slowMs, () => {
      try {
        act();
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

export function drawnMs(range: RangeMs, rng: Rng): number {
  return range[0] + rng.float() * (range[1] - range[0]);
}

async function* wholeOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield await Promise.resolve(bytes);
}
