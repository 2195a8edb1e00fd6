import type { Disk, DiskFile } from './disk.ts';
import { segmentName, snapshotName, temporaryName } from './files.ts';
import { batchParts, headerParts, snapshotParts } from './payload.ts';
import { encodeRecord } from './record.ts';
import type { Recovered } from './recovery.ts';

/**
 * The log's files while they are written to: where records go, when a segment ends, what a
 * compaction leaves. One call at a time; a call that rejects leaves the log of no further use.
 */
export interface LogFolder {
  /** Writes one record of these persists and syncs it. */
  append(persists: readonly Uint8Array[]): Promise<void>;
  rotateIfFull(): Promise<void>;
  /** Puts a snapshot and the records after it in the place of everything before. */
  compact(encodedSnapshot: Uint8Array, persist: Uint8Array): Promise<void>;
  close(): Promise<void>;
  stats(): FolderStats;
}

/** What was written since the opening, and how many segments there are. */
export interface FolderStats {
  readonly writtenBytes: number;
  readonly syncs: number;
  readonly segments: number;
}

interface Folder {
  readonly disk: Disk;
  readonly segmentBytes: number;
  /** The last segment's number; `oldest` is that of the first still needed. */
  segment: number;
  oldest: number;
  file: DiskFile;
  fileBytes: number;
  sequence: number;
  writtenBytes: number;
  syncs: number;
}

/** Goes on where recovery stopped. */
export async function logFolder(
  disk: Disk,
  segmentBytes: number,
  recovered: Recovered,
): Promise<LogFolder> {
  const { segment, sequence, exists } = recovered;
  const name = segmentName(segment);
  const folder: Folder = {
    disk,
    segmentBytes,
    segment,
    oldest: recovered.oldest,
    file: exists ? await disk.open(name) : await disk.create(name),
    fileBytes: recovered.segmentBytes,
    sequence,
    writtenBytes: 0,
    syncs: 0,
  };
  if (folder.fileBytes === 0) await begin(folder);
  return {
    append: (persists) => write(folder, batchParts(persists)),
    rotateIfFull: () => rotateIfFull(folder),
    compact: (encodedSnapshot, persist) => compact(folder, encodedSnapshot, persist),
    close: () => folder.file.close(),
    stats: () => statsOf(folder),
  };
}

/** The header of the segment, and then its name: both are durable before anything follows. */
async function begin(folder: Folder): Promise<void> {
  await write(folder, headerParts('segment', folder.segment));
  await folder.disk.syncFolder();
}

async function write(folder: Folder, parts: readonly Uint8Array[]): Promise<void> {
  const record = encodeRecord(folder.sequence, parts);
  await folder.file.append(record);
  await folder.file.sync();
  folder.sequence++;
  folder.fileBytes += record.length;
  folder.writtenBytes += record.length;
  folder.syncs++;
}

async function rotateIfFull(folder: Folder): Promise<void> {
  if (folder.fileBytes < folder.segmentBytes) return;
  await folder.file.close();
  await beginNext(folder);
}

async function beginNext(folder: Folder): Promise<void> {
  folder.segment++;
  folder.file = await folder.disk.create(segmentName(folder.segment));
  folder.fileBytes = 0;
  await begin(folder);
}

/**
 * The rename, once the folder is synced, is the moment at which the compaction happens. Before it
 * the old segments are complete; after it they are not needed, whether removed or not.
 */
async function compact(
  folder: Folder,
  encodedSnapshot: Uint8Array,
  persist: Uint8Array,
): Promise<void> {
  const { disk } = folder;
  const number = folder.segment + 1;
  const previous = folder.oldest;
  await folder.file.close();
  folder.file = await disk.create(temporaryName(number));
  const parts = [headerParts('snapshot', number), snapshotParts(encodedSnapshot)];
  for (const each of [...parts, batchParts([persist])]) {
    const record = encodeRecord(folder.sequence++, each);
    await folder.file.append(record);
    folder.writtenBytes += record.length;
  }
  await folder.file.sync();
  folder.syncs++;
  await folder.file.close();
  await disk.rename(temporaryName(number), snapshotName(number));
  await disk.syncFolder();
  folder.oldest = number;
  await beginNext(folder);
  for (let old = previous; old < number; old++) await disk.remove(segmentName(old));
  if (previous > 1) await disk.remove(snapshotName(previous));
}

function statsOf({ writtenBytes, syncs, segment, oldest }: Folder): FolderStats {
  return { writtenBytes, syncs, segments: segment - oldest + 1 };
}
