import type { Rng } from '../core/rng.ts';

/**
 * What a machine's disk holds, apart from any process: what the kernel has, and what the platter has.
 * After a loss of power names and bytes that were not synced survive in part, each for itself, as the
 * worst of file systems would have it.
 */
export interface Drive {
  names(): readonly string[];
  create(name: string): void;
  rename(from: string, to: string): void;
  remove(name: string): void;
  syncNames(): void;
  read(name: string, fromOffset: number): Uint8Array;
  append(file: FileId, bytes: Uint8Array): void;
  truncate(file: FileId, lengthBytes: number): void;
  sync(file: FileId): void;
  /**
   * What was to be synced is gone, from the kernel too, as some file systems have it; others call it
   * clean and forget it later (Rebello et al., Can Applications Recover from fsync Failures?, ATC '20).
   */
  failSync(file: FileId): void;
  /** A file by its name; it stays the same file under another name. */
  open(name: string): FileId;
  losePower(rng: Rng): void;
  /** Turns one bit around, anywhere; false where there is none. */
  flipBit(rng: Rng): boolean;
  wipe(): void;
}

/** Opaque. */
export interface FileId {
  readonly content: Content;
}

interface Content {
  kernel: Uint8Array;
  lengthBytes: number;
  /** The platter has this many of the kernel's first bytes … */
  syncedBytes: number;
  /** … or, since something was cut off and not synced, these instead. */
  platter: Uint8Array | null;
}

type Names = Map<string, Content>;

interface Files {
  kernel: Names;
  platter: Names;
  /** Changes of names that the kernel has and the platter has not. */
  unsynced: ((names: Names) => void)[];
}

export function drive(): Drive {
  const files: Files = { kernel: new Map(), platter: new Map(), unsynced: [] };
  return {
    names: () => [...files.kernel.keys()],
    open: (name) => ({ content: contentOf(files, name) }),
    create: (name) => create(files, name),
    rename: (from, to) => rename(files, from, to),
    remove(name) {
      contentOf(files, name);
      change(files, (names) => names.delete(name));
    },
    syncNames() {
      files.platter = new Map(files.kernel);
      files.unsynced = [];
    },
    read(name, fromOffset) {
      const { kernel: bytes, lengthBytes } = contentOf(files, name);
      return bytes.slice(fromOffset, Math.max(fromOffset, lengthBytes));
    },
    append: ({ content }, bytes) => append(content, bytes),
    truncate({ content }, lengthBytes) {
      content.platter ??= content.kernel.slice(0, content.syncedBytes);
      content.lengthBytes = Math.min(content.lengthBytes, lengthBytes);
    },
    sync({ content }) {
      content.syncedBytes = content.lengthBytes;
      content.platter = null;
    },
    failSync: ({ content }) => failSync(content),
    losePower: (rng) => losePower(files, rng),
    flipBit: (rng) => flipBit(files, rng),
    wipe: () => Object.assign(files, { kernel: new Map(), platter: new Map(), unsynced: [] }),
  };
}

function contentOf({ kernel }: Files, name: string): Content {
  const content = kernel.get(name);
  if (content === undefined) throw new Error(`expected a file ${name}, got none`);
  return content;
}

function change(files: Files, act: (names: Names) => void): void {
  act(files.kernel);
  files.unsynced.push(act);
}

function create(files: Files, name: string): void {
  if (files.kernel.has(name)) throw new Error(`expected no file ${name} yet, got one`);
  const content = contentFrom(new Uint8Array(0));
  change(files, (names) => names.set(name, content));
}

function rename(files: Files, from: string, to: string): void {
  const content = contentOf(files, from);
  change(files, (names) => {
    names.delete(from);
    names.set(to, content);
  });
}

function losePower(files: Files, rng: Rng): void {
  const names: Names = new Map(files.platter);
  for (const act of files.unsynced) if (rng.float() < 0.5) act(names);
  for (const [name, content] of names) names.set(name, contentFrom(survivorsOf(content, rng)));
  Object.assign(files, { kernel: names, platter: new Map(names), unsynced: [] });
}

function failSync(content: Content): void {
  const { platter, syncedBytes } = content;
  if (platter === null) content.lengthBytes = syncedBytes;
  else Object.assign(content, contentFrom(platter));
}

function flipBit({ kernel }: Files, rng: Rng): boolean {
  const filled = [...kernel.values()].filter(({ lengthBytes }) => lengthBytes > 0);
  if (filled.length === 0) return false;
  const { kernel: bytes, lengthBytes } = rng.pick(filled);
  const at = rng.int(0, lengthBytes - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << rng.int(0, 7));
  return true;
}

function contentFrom(bytes: Uint8Array): Content {
  return { kernel: bytes, lengthBytes: bytes.length, syncedBytes: bytes.length, platter: null };
}

const leastRoomBytes = 4096;

function append(content: Content, bytes: Uint8Array): void {
  const needed = content.lengthBytes + bytes.length;
  if (needed > content.kernel.length) {
    const larger = new Uint8Array(Math.max(leastRoomBytes, 2 * needed));
    larger.set(content.kernel.subarray(0, content.lengthBytes));
    content.kernel = larger;
  }
  content.kernel.set(bytes, content.lengthBytes);
  content.lengthBytes = needed;
}

const sectorBytes = 64;

/** Synced bytes, then any part of the others: some sectors as written, some zero, cut anywhere. */
function survivorsOf(content: Content, rng: Rng): Uint8Array {
  const { kernel, lengthBytes, syncedBytes, platter } = content;
  // A cut that was not synced has reached the platter or not.
  if (platter !== null) return rng.float() < 0.5 ? platter : kernel.slice(0, lengthBytes);
  const bytes = kernel.slice(0, rng.int(syncedBytes, lengthBytes));
  for (let at = syncedBytes; at < bytes.length; at += sectorBytes) {
    if (rng.float() < 0.3) bytes.fill(0, at, Math.min(bytes.length, at + sectorBytes));
  }
  return bytes;
}
