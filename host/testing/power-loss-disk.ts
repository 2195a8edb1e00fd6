import type { Rng } from '../../core/rng.ts';
import type { Disk, DiskFile } from '../wal/disk.ts';

/**
 * A disk in memory that keeps apart what the kernel has and what the platter has. It can die in the
 * middle of any call, and lose power: then names and bytes that were not synced survive in part,
 * each for itself, as the worst of file systems would have it.
 */
export interface PowerLossDisk extends Disk {
  /** Calls that changed something, so far. */
  readonly steps: number;
  /** Makes the call with this number, and all later ones, reject; an append happens by half. */
  failAt(step: number, error: Error): void;
  /** What a process that was killed finds when it starts again. */
  afterKill(): PowerLossDisk;
  /** What is left after a loss of power. */
  afterPowerLoss(rng: Rng): PowerLossDisk;
  /** The file as the kernel has it, for tests that damage it. */
  bytesOf(name: string): Uint8Array;
  replace(name: string, bytes: Uint8Array): void;
}

interface Content {
  kernel: Uint8Array;
  platter: Uint8Array;
}

type Names = Map<string, Content>;
type NameChange = (names: Names) => void;

interface Drive {
  /** Names as the kernel has them, as the platter has them, and the changes between the two. */
  readonly kernel: Names;
  platter: Names;
  unsynced: NameChange[];
  steps: number;
  failure: { readonly step: number; readonly error: Error } | null;
}

export function powerLossDisk(): PowerLossDisk {
  return withPower({
    kernel: new Map(),
    platter: new Map(),
    unsynced: [],
    steps: 0,
    failure: null,
  });
}

function withPower(drive: Drive): PowerLossDisk {
  return {
    ...diskOf(drive),
    get steps() {
      return drive.steps;
    },
    failAt(step, error) {
      drive.failure = { step, error };
    },
    afterKill: () => withPower({ ...drive, failure: null }),
    afterPowerLoss(rng) {
      const names = survivingNames(drive, rng);
      return withPower({
        kernel: names,
        platter: new Map(names),
        unsynced: [],
        steps: 0,
        failure: null,
      });
    },
    bytesOf: (name) => contentOf(drive, name).kernel.slice(),
    replace(name, bytes) {
      contentOf(drive, name).kernel = bytes;
    },
  };
}

function diskOf(drive: Drive): Disk {
  const { kernel } = drive;
  return {
    list: () => Promise.resolve([...kernel.keys()]),
    read: (name, fromOffset = 0) => inPieces(contentOf(drive, name).kernel.subarray(fromOffset)),
    async create(name) {
      await step(drive);
      if (kernel.has(name)) throw new Error(`expected no file ${name} yet, got one`);
      const content = { kernel: new Uint8Array(0), platter: new Uint8Array(0) };
      changeNames(drive, (names) => names.set(name, content));
      return fileOf(drive, content);
    },
    open: (name) => Promise.resolve(fileOf(drive, contentOf(drive, name))),
    async rename(from, to) {
      await step(drive);
      const content = contentOf(drive, from);
      changeNames(drive, (names) => {
        names.delete(from);
        names.set(to, content);
      });
    },
    async remove(name) {
      await step(drive);
      contentOf(drive, name);
      changeNames(drive, (names) => names.delete(name));
    },
    async syncFolder() {
      await step(drive);
      drive.platter = new Map(kernel);
      drive.unsynced = [];
    },
  };
}

function fileOf(drive: Drive, content: Content): DiskFile {
  const write = (bytes: Uint8Array): void => {
    content.kernel = concat(content.kernel, bytes);
  };
  return {
    async append(bytes) {
      await step(drive, () => write(bytes.subarray(0, bytes.length >> 1)));
      write(bytes);
    },
    async truncate(lengthBytes) {
      await step(drive);
      content.kernel = content.kernel.slice(0, lengthBytes);
    },
    async sync() {
      await step(drive);
      content.platter = content.kernel;
    },
    close: () => Promise.resolve(),
  };
}

/** Counts a change; rejects from the chosen one on, after `half` of it was done. */
function step(drive: Drive, half?: () => void): Promise<void> {
  drive.steps++;
  const { failure } = drive;
  if (failure === null || drive.steps < failure.step) return Promise.resolve();
  if (drive.steps === failure.step) half?.();
  return Promise.reject(failure.error);
}

function changeNames(drive: Drive, change: NameChange): void {
  change(drive.kernel);
  drive.unsynced.push(change);
}

function contentOf(drive: Drive, name: string): Content {
  const content = drive.kernel.get(name);
  if (content === undefined) throw new Error(`expected a file ${name}, got none`);
  return content;
}

function survivingNames(drive: Drive, rng: Rng): Names {
  const names: Names = new Map(drive.platter);
  for (const change of drive.unsynced) if (rng.float() < 0.5) change(names);
  for (const [name, content] of names) {
    const bytes = survivorsOf(content, rng);
    names.set(name, { kernel: bytes, platter: bytes });
  }
  return names;
}

const sectorBytes = 64;

/** Synced bytes, then any part of the others: some sectors as written, some zero, cut anywhere. */
function survivorsOf(content: Content, rng: Rng): Uint8Array {
  const { kernel, platter } = content;
  if (kernel.length <= platter.length) return rng.float() < 0.5 ? kernel : platter;
  const bytes = kernel.slice(0, rng.int(platter.length, kernel.length));
  for (let at = platter.length; at < bytes.length; at += sectorBytes) {
    if (rng.float() < 0.3) bytes.fill(0, at, Math.min(bytes.length, at + sectorBytes));
  }
  return bytes;
}

/** In pieces of odd sizes, so that records straddle them. */
async function* inPieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 61) {
    yield await Promise.resolve(bytes.slice(at, at + 61));
  }
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  const whole = new Uint8Array(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
}
