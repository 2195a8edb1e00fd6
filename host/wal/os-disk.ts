import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disk, DiskFile } from './disk.ts';

const readBytes = 1 << 20;

/**
 * With O_DSYNC a write is as durable when it returns as it would be after fdatasync (POSIX, synchronised I/O
 * data integrity completion): one trip to the kernel instead of two. Not every system knows it.
 */
const { O_CREAT, O_EXCL, O_RDWR } = constants;
const O_DSYNC = (constants as { readonly O_DSYNC?: number }).O_DSYNC ?? 0;

/** The folder at `path`, made if it is not there; its own name is durable when this resolves. */
export async function osDisk(path: string): Promise<Disk> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await syncNames(made, path);
  return {
    list: () => readdir(path),
    read: (name, fromOffset = 0) => readFrom(join(path, name), fromOffset),
    create: async (name) =>
      fileOf(await open(join(path, name), O_RDWR | O_CREAT | O_EXCL | O_DSYNC, 0o644)),
    // Without O_CREAT: a file that is gone is an error, not an empty log.
    open: async (name) => fileOf(await open(join(path, name), O_RDWR | O_DSYNC)),
    rename: (from, to) => rename(join(path, from), join(path, to)),
    remove: (name) => unlink(join(path, name)),
    syncFolder: () => syncFolder(path),
  };
}

/** Syncs the parent of every folder from the first that was made down to the last. */
async function syncNames(first: string, last: string): Promise<void> {
  for (let folder = last; folder.length >= first.length; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
  }
}

async function syncFolder(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

async function* readFrom(path: string, fromOffset: number): AsyncIterable<Uint8Array> {
  await using handle = await open(path, 'r');
  let position = fromOffset;
  for (;;) {
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    const { bytesRead } = await handle.read(buffer, 0, readBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * Room is made ahead of what is appended, in zeros. A write that does not move the file's end is half the work
 * for the file system, and leaves the disk in half the time, because nothing but its bytes has to be
 * made durable.
 */
const zeros = Buffer.alloc(128 << 10);

async function fileOf(handle: FileHandle): Promise<DiskFile> {
  let end = (await handle.stat()).size;
  /** Where the file ends, with the room. */
  let roomEnd = end;
  // What another process wrote may be in the kernel's memory only.
  let isDurable = end === 0;

  const writeAll = async (bytes: Uint8Array, from: number): Promise<void> => {
    let written = 0;
    while (written < bytes.length) {
      const left = bytes.length - written;
      written += (await handle.write(bytes, written, left, from + written)).bytesWritten;
    }
    isDurable &&= O_DSYNC !== 0;
  };
  const makeRoom = async (lengthBytes: number): Promise<void> => {
    // Something as large as that pays for itself.
    if (end + lengthBytes <= roomEnd || lengthBytes > zeros.length / 2) return;
    const more = zeros.subarray(0, end + zeros.length - roomEnd);
    await writeAll(more, roomEnd);
    roomEnd += more.length;
  };
  return {
    async append(bytes) {
      await makeRoom(bytes.length);
      await writeAll(bytes, end);
      end += bytes.length;
      roomEnd = Math.max(roomEnd, end);
    },
    async truncate(lengthBytes) {
      isDurable = false;
      await handle.truncate(lengthBytes);
      end = lengthBytes;
      roomEnd = lengthBytes;
    },
    // fdatasync: it also flushes the size, which is all that reading back needs.
    async sync() {
      if (isDurable) return;
      await handle.datasync();
      isDurable = true;
    },
    async close() {
      if (roomEnd > end) await handle.truncate(end);
      await handle.close();
    },
  };
}
